import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShapeFile } from '../../../src/client/context-shape/shape-file.ts';
import { ContextShape } from '../../../src/specification/context/shape.ts';

function shapeOf(...contexts: readonly object[]): ContextShape {
  const shape = new ContextShape();
  for (const context of contexts) shape.add(context);
  return shape;
}

describe('ShapeFile.add', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-shape-'));
    path = join(directory, 'shape.json');
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const schema = () => ContextShape.parse(JSON.parse(readFileSync(path, 'utf8')))?.toSchema();
  const contexts = () => ContextShape.parse(JSON.parse(readFileSync(path, 'utf8')))?.contexts;

  it('writes only if there is a new name or type, or a name turns out to be optional', async () => {
    const file = new ShapeFile(path);
    expect(await file.add(shapeOf({ a: 1, b: 1 }), false)).toBe(true);
    const { ino } = statSync(path);
    expect(await file.add(shapeOf({ a: 2, b: 2 }), false)).toBe(false);
    expect(statSync(path).ino).toBe(ino);
    expect(await file.add(shapeOf({ a: 'x', b: 2 }), false)).toBe(true);
    expect(await file.add(shapeOf({ a: 1 }), false)).toBe(true);
    expect(schema()).toEqual({
      properties: { a: { type: ['number', 'string'] }, b: { type: 'number' } },
      required: ['a'],
    });
  });

  it('writes the number of contexts too if it must', async () => {
    const file = new ShapeFile(path);
    await file.add(shapeOf({ a: 1 }), false);
    expect(await file.add(shapeOf({ a: 1 }, { a: 2 }), true)).toBe(true);
    expect(contexts()).toBe(3);
  });

  it('writes again what another process has overwritten without having read it', async () => {
    const file = new ShapeFile(path);
    await file.add(shapeOf({ a: 1 }), false);
    writeFileSync(path, JSON.stringify(shapeOf({ b: 1 })));
    expect(await file.add(shapeOf({ a: 1 }), false)).toBe(true);
    expect(Object.keys(schema()?.properties as object)).toEqual(['a', 'b']);
    expect(await file.add(shapeOf({ a: 1 }), false)).toBe(false);
  });
});
