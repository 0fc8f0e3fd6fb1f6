import * as fc from 'fast-check';
import { propertyName, stringLiteral, valueType } from '../../../src/workbench/types/value-type.ts';
import type { JsonValue } from '../../../src/json/value.ts';
import { compile } from './compile.ts';
import { runs } from '../../runs.ts';

describe('valueType', () => {
  it.each<[(JsonValue | undefined)[], string]>([
    [['a', 'b'], 'string'],
    [[1, 2.5], 'number'],
    [[true, null], 'boolean | null'],
    [['a', 1, undefined], 'string | number | undefined'],
    [[undefined, undefined], 'undefined'],
    [[[1], ['a']], 'readonly (number | string)[]'],
    [[[], []], 'readonly never[]'],
    [[[[1]]], 'readonly (readonly number[])[]'],
    [[{}, {}], '{}'],
    [[{ a: 1 }, { a: 2 }], '{\n  readonly a: number;\n}'],
    [[{ a: 1 }, { b: 'x' }], '{\n  readonly a?: number;\n  readonly b?: string;\n}'],
    [[{ a: { b: [true] } }], '{\n  readonly a: {\n    readonly b: readonly boolean[];\n  };\n}'],
    [[{ 'a-b': 1, "it's": 2 }], "{\n  readonly 'a-b': number;\n  readonly 'it\\'s': number;\n}"],
    [['a', { a: 1 }], 'string | {\n  readonly a: number;\n}'],
  ])('describes %j as %s', (values, type) => {
    expect(valueType(values)).toBe(type);
  });

  it('uses JsonValue for deep or large values', () => {
    const deep = JSON.parse(`${'['.repeat(20)}1${']'.repeat(20)}`) as JsonValue;
    expect(valueType([deep])).toContain("import('evenhand').JsonValue");
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key${i}`, i]));
    expect(valueType([large])).toBe("import('evenhand').JsonValue");
  });

  it('is a type that accepts the values', () => {
    const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), {
      numRuns: runs(150),
      seed: 7,
    }) as JsonValue[];
    const lines = values.flatMap((_, i) => {
      const others = values.slice(i, i + 3);
      const type = valueType(others);
      return others.map((one, j) => `export const v${i}_${j}: ${type} = ${write(one)};`);
    });
    expect(compile('module', { 'values.ts': lines.join('\n') })).toEqual([]);
  });
});

/** Returns a value as code; a literal `"__proto__": …` would set the prototype. */
function write(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('"__proto__":', '["__proto__"]:');
}

describe('propertyName', () => {
  it('quotes names that are not identifiers', () => {
    expect(['plan', '_x1', '2024_sale', 'a b', ''].map(propertyName)).toEqual([
      'plan',
      '_x1',
      "'2024_sale'",
      "'a b'",
      "''",
    ]);
  });
});

describe('stringLiteral', () => {
  it('has the string as its value', () => {
    const texts = ['it\'s "x"', 'a\\b', 'line\nbreak', '\u2028 \u2029', '${x} `', '*/'];
    const lines = texts.map((text) => `${stringLiteral(text)} satisfies ${JSON.stringify(text)};`);
    expect(compile('module', { 'texts.ts': lines.join('\n') })).toEqual([]);
    for (const text of texts) expect(stringLiteral(text)).not.toMatch(/[\n\u2028\u2029]/);
  });
});
