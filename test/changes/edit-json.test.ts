import * as fc from 'fast-check';
import {
  appendItem,
  removeValue,
  replaceItems,
  setProperty,
  setValue,
} from '../../src/changes/edit-json.ts';
import { SourceError } from '../../src/errors/store-errors.ts';

describe('setValue', () => {
  it.each([
    ['{ "a": 1,\n\t"b" : [ 1,2 ] }', ['b', 1], 5, '{ "a": 1,\n\t"b" : [ 1,5 ] }'],
    ['["x:on",  "y:on"]', [1], 'y:off', '["x:on",  "y:off"]'],
    ['\ufeff[1]\n', [0], 2, '\ufeff[2]\n'],
    ['{\r\n  "a": 1\r\n}\r\n', ['a'], [1], '{\r\n  "a": [1]\r\n}\r\n'],
    ['{ "a": 1 }', ['a'], -0, '{ "a": 0 }'],
  ])('changes %j in %j to %j and nothing else', (text, path, value, expected) => {
    expect(setValue(text, path, value)).toBe(expected);
  });

  it('keeps every other character in any layout', () => {
    const spaces = fc.stringMatching(/^[ \t\n]{0,3}$/);
    fc.assert(
      fc.property(spaces, spaces, spaces, fc.jsonValue(), fc.jsonValue(), (a, b, c, old, value) => {
        const before = `{${a}"keep"${b}:${c}[1,${a}2]${b},"change":${c}`;
        const after = `${a},${b}"more":${c}{}}`;
        const edited = setValue(before + JSON.stringify(old) + after, ['change'], value);
        expect(edited.startsWith(before)).toBe(true);
        expect(edited.endsWith(after)).toBe(true);
        expect((JSON.parse(edited) as { change: unknown }).change).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  it('refuses an ambiguous place with a duplicate key', () => {
    expect(() => setValue('{ "a": { "b": 1 }, "a": { "b": 2 } }', ['a', 'b'], 3)).toThrow(
      SourceError,
    );
    expect(() => setValue('{ "a": { "b": 1 }, "a": { "b": 2 } }', ['a', 'b'], 3)).toThrow(
      "can't change /a/b: an object around it has a duplicate key",
    );
  });
});

describe('setProperty', () => {
  const add = (text: string) => setProperty(text, [0], 'b', 'new', 1);

  it.each([
    ['[{ "a": 1, "b": 2 }]', '[{ "a": 1, "new": 1, "b": 2 }]'],
    [
      '[\n  {\n    "a": 1,\n    "b": 2\n  }\n]\n',
      '[\n  {\n    "a": 1,\n    "new": 1,\n    "b": 2\n  }\n]\n',
    ],
    ['[{\r\n\t"b": 2\r\n}]', '[{\r\n\t"new": 1,\r\n\t"b": 2\r\n}]'],
    ['[{"a":1,"b":2}]', '[{"a":1,"new": 1,"b":2}]'],
    ['\ufeff[{ "b": 2 }]', '\ufeff[{ "new": 1, "b": 2 }]'],
    ['[{ "b": 2, "new" : 5 }]', '[{ "b": 2, "new" : 1 }]'],
  ])('changes %j to %j', (text, expected) => {
    expect(add(text)).toBe(expected);
  });

  it('refuses an ambiguous place with a duplicate key', () => {
    expect(() => setProperty('{ "a": { "b": 1 }, "a": { "b": 2 } }', ['a'], 'b', 'c', 3)).toThrow(
      "can't change /a/c: an object around it has a duplicate key",
    );
  });
});

describe('appendItem', () => {
  const item = {
    name: 'b',
    list: [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ],
  };

  it('writes an item like prettier if the file looks like that', () => {
    expect(appendItem('[\n  { "name": "a" }\n]\n', [], item)).toBe(
      [
        '[',
        '  { "name": "a" },',
        '  {',
        '    "name": "b",',
        '    "list": [',
        '      { "x": 1, "y": 1 },',
        '      { "x": 2, "y": 2 }',
        '    ]',
        '  }',
        ']',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['with four spaces, expanded', JSON.stringify([{ name: 'a' }], undefined, 4)],
    ['with tabs, expanded', JSON.stringify([{ name: 'a' }], undefined, '\t')],
    ['minified', JSON.stringify([{ name: 'a' }])],
  ])('writes an item %s, if the file is', (_what, text) => {
    const indent = /^\[\n(\s+)/.exec(text)?.[1];
    expect(appendItem(text, [], item)).toBe(
      JSON.stringify([{ name: 'a' }, item], undefined, indent),
    );
  });

  it.each([
    ['["a"]', '["a", "b"]'],
    ['["x",  "a"]', '["x",  "a",  "b"]'],
    ['[\n  "x",\n  "a"\n]', '[\n  "x",\n  "a",\n  "b"\n]'],
  ])('separates the item like the items of %j', (text, expected) => {
    expect(appendItem(text, [], 'b')).toBe(expected);
  });

  it('adds the first item of an empty list', () => {
    expect(appendItem('{\n  "experiments": []\n}\n', ['experiments'], 'a:on')).toBe(
      '{\n  "experiments": [\n    "a:on"\n  ]\n}\n',
    );
    expect(appendItem('[]', [], { a: 1 })).toBe('[\n  { "a": 1 }\n]');
    expect(appendItem('{"a":{},"b":[]}', ['b'], { a: 1 })).toBe('{"a":{},"b":[{"a":1}]}');
  });

  it('keeps Windows line breaks', () => {
    expect(appendItem('[\r\n  { "name": "a" }\r\n]\r\n', [], { name: 'b' })).toBe(
      '[\r\n  { "name": "a" },\r\n  { "name": "b" }\r\n]\r\n',
    );
  });
});

describe('replaceItems', () => {
  it('writes all items in the layout of the first', () => {
    const text =
      '{ "list": [\n   {"percent" : 10,  "variant":"a"},\n   {"percent":90, "variant":"b"}\n ] }';
    const items = [
      { variant: 'b', percent: 1 },
      { variant: 'a', percent: 2 },
      { variant: 'b', percent: 3 },
    ];
    expect(replaceItems(text, ['list'], items)).toBe(
      '{ "list": [\n   {"percent" : 1,  "variant":"b"},\n   {"percent" : 2,  "variant":"a"},\n   {"percent" : 3,  "variant":"b"}\n ] }',
    );
  });

  it('writes several items on the line of a single one', () => {
    const items = [{ v: 'b' }, { v: 'c' }];
    expect(replaceItems('[[{ "v": "a" }]]', [0], items)).toBe('[[{ "v": "b" }, { "v": "c" }]]');
  });

  it('refuses a place with a duplicate key', () => {
    expect(() => replaceItems('{"l":[{"v":1}],"l":[{"v":1}]}', ['l'], [{ v: 2 }])).toThrow(
      SourceError,
    );
  });
});

describe('removeValue', () => {
  it.each([
    ['[1, 2, 3]', [0], '[2, 3]'],
    ['[1, 2, 3]', [1], '[1, 3]'],
    ['[1, 2, 3]', [2], '[1, 2]'],
    ['[\n  1\n]', [0], '[]'],
    ['{\n  "a": 1,\n  "b": 2\n}\n', ['b'], '{\n  "a": 1\n}\n'],
    ['{\n  "a": 1,\n  "b": 2\n}\n', ['a'], '{\n  "b": 2\n}\n'],
    ['\ufeff{"a":{"b":1}}', ['a', 'b'], '\ufeff{"a":{}}'],
    ['[1]', [5], '[1]'],
  ])('removes a value and its comma from %j at %j', (text, path, expected) => {
    expect(removeValue(text, path)).toBe(expected);
  });

  it('keeps all other values in any layout', () => {
    const space = fc.constantFrom('', ' ', '\n  ');
    const list = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(list, fc.nat(4), space, (values, at, gap) => {
        const index = at % values.length;
        const text = `{"keep": [${gap}${values.map((one) => JSON.stringify(one)).join(`,${gap}`)}${gap}]}`;
        const { keep } = JSON.parse(removeValue(text, ['keep', index])) as { keep: unknown[] };
        expect(keep).toEqual(
          (JSON.parse(text) as { keep: unknown[] }).keep.filter((_, i) => i !== index),
        );
      }),
    );
  });

  it('refuses an ambiguous place with a duplicate key', () => {
    expect(() => removeValue('{ "a": { "b": 1 }, "a": { "b": 2 } }', ['a', 'b'])).toThrow(
      "can't change /a/b",
    );
  });
});
