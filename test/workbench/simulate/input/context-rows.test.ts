import { readContextRow } from '../../../../src/workbench/simulate/input/context-rows.ts';

const row = (text: string | Uint8Array, index = 0) =>
  readContextRow({ index, bytes: Buffer.from(text) });

describe('readContextRow', () => {
  it('reads an object and adds a missing tracking key', () => {
    expect(row('{"user": {"id": 4}}', 17)).toEqual({
      kind: 'context',
      context: { user: { id: 4 }, anonymous: '00000000000000000000000000000011' },
    });
    expect(row('{"anonymous": null}')).toEqual({ kind: 'context', context: { anonymous: null } });
  });

  it('skips blank lines and accepts Windows line breaks and a byte order mark', () => {
    expect([row(''), row('  \r')]).toEqual([{ kind: 'blank' }, { kind: 'blank' }]);
    expect(row('\ufeff{"a": 1}\r')).toMatchObject({ kind: 'context', context: { a: 1 } });
  });

  it.each([
    ['{"a": }', 'the line is not JSON: column 7'],
    ['[1]', 'the line is not a JSON object'],
    ['null', 'the line is not a JSON object'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
    ['{"a":'.repeat(10_000), 'the line is not JSON'],
  ])('reports the problem of %j', (text, message) => {
    expect(row(text)).toEqual({ kind: 'broken', message: expect.stringContaining(message) });
  });

  it('reports a line that is too long', () => {
    expect(readContextRow({ index: 0, bytes: undefined })).toMatchObject({ kind: 'broken' });
  });

  it('never changes a prototype', () => {
    expect(row('{"__proto__": {"polluted": true}}')).toMatchObject({ kind: 'context' });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
