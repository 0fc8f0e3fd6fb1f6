import * as fc from 'fast-check';
import { pointerTo } from '../../src/json/pointer.ts';
import { locate, positionsIn, type Side } from '../../src/json/positions.ts';
import { runs } from '../runs.ts';

describe('positionsIn', () => {
  it.each([
    ['', 0, 1, 1],
    ['abc', 0, 1, 1],
    ['abc', 2, 1, 3],
    ['abc', 3, 1, 4],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['\n\n\nx', 3, 4, 1],
    ['\n\r\n\r\n', 5, 4, 1],
    // An emoji is two UTF-16 code units, and editors count it so.
    ['"😀" x', 5, 1, 6],
    ['a\u2028b', 2, 1, 3],
  ])('in %j, puts offset %i on line %i, column %i', (text, offset, line, column) => {
    expect(positionsIn(text)(offset)).toEqual({ line, column });
  });
});

describe('locate', () => {
  const text = [
    '[',
    '  { "name": "a", "tags": ["x", {"y": null}] , "n": -1.5e3 },',
    '\t{"na\\u006de" : "b{[,\\"", "a/b": {"~": true}}',
    ']',
  ].join('\r\n');

  it.each<[string, Side, number, number]>([
    ['', 'value', 1, 1],
    ['/0', 'value', 2, 3],
    ['/0/name', 'value', 2, 13],
    ['/0/name', 'key', 2, 5],
    ['/0/tags', 'value', 2, 26],
    ['/0/tags/0', 'value', 2, 27],
    ['/0/tags/1', 'value', 2, 32],
    ['/0/tags/1/y', 'value', 2, 38],
    ['/0/tags/1/y', 'key', 2, 33],
    ['/0/n', 'value', 2, 52],
    ['/1', 'value', 3, 2],
    ['/1/name', 'key', 3, 3],
    ['/1/name', 'value', 3, 17],
    ['/1/a~1b', 'key', 3, 27],
    ['/1/a~1b/~0', 'value', 3, 40],
  ])('finds %s (%s) at line %i, column %i', (path, side, line, column) => {
    expect(locate(text, new Map([[path, side]]))).toEqual(new Map([[path, { line, column }]]));
  });

  it('finds many pointers at once and omits missing ones', () => {
    const wanted = new Map<string, Side>([
      ['/1', 'value'],
      ['/0/n', 'key'],
      ['/2', 'value'],
      ['/0/name/x', 'value'],
      ['/0/none', 'key'],
    ]);
    expect(locate(text, wanted)).toEqual(
      new Map([
        ['/0/n', { line: 2, column: 47 }],
        ['/1', { line: 3, column: 2 }],
      ]),
    );
  });

  it('does not count a byte order mark', () => {
    expect(locate('\ufeff[1]', new Map([['/0', 'value']]))).toEqual(
      new Map([['/0', { line: 1, column: 2 }]]),
    );
  });

  it('uses the last of two equal keys, as JSON.parse does', () => {
    expect(locate('{"a": 1, "a": 2}', new Map([['/a', 'value']])).get('/a')?.column).toBe(15);
  });

  it('skips a hundred thousand nested lists', () => {
    const deep = `[${'['.repeat(100_000)}${']'.repeat(100_000)}, 7]`;
    expect(locate(deep, new Map([['/1', 'value']])).get('/1')?.column).toBe(200_004);
  });

  it('finds every place of any document with any white space', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.infiniteStream(fc.stringMatching(/^[ \t\r\n]{0,3}$/)),
        (value, spaces) => {
          const space = (): string => spaces.next().value ?? '';
          const { written, values, keys } = write(value, space);
          const position = positionsIn(written);
          const expected = (offsets: ReadonlyMap<string, number>) =>
            new Map(Array.from(offsets, ([path, offset]) => [path, position(offset)]));
          const all = (offsets: ReadonlyMap<string, number>, side: Side) =>
            locate(written, new Map(Array.from(offsets.keys(), (path) => [path, side])));
          expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
          expect(all(values, 'value')).toEqual(expected(values));
          expect(all(keys, 'key')).toEqual(expected(keys));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('terminates for any text and pointers', () => {
    const text = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', ' ', '1', 'a'));
    fc.assert(
      fc.property(text, (parts) => {
        const wanted = new Map<string, Side>([
          ['/a', 'value'],
          ['/0/0', 'value'],
          ['/1/a/0', 'key'],
          ['/', 'value'],
        ]);
        expect(locate(parts.join(''), wanted)).toBeInstanceOf(Map);
      }),
      { numRuns: runs(2000) },
    );
  });
});

/** Writes JSON with the given spaces between its tokens, and records all positions. */
function write(value: unknown, space: () => string) {
  const values = new Map<string, number>();
  const keys = new Map<string, number>();
  let written = space();
  const put = (path: string, item: unknown): void => {
    values.set(path, written.length);
    if (Array.isArray(item)) {
      list('[', ']', item, (member, i) => put(pointerTo(path, i), member));
    } else if (typeof item === 'object' && item !== null) {
      list('{', '}', Object.entries(item), ([key, member]: [string, unknown]) => {
        keys.set(pointerTo(path, key), written.length);
        written += `${JSON.stringify(key)}${space()}:${space()}`;
        put(pointerTo(path, key), member);
      });
    } else {
      written += JSON.stringify(item);
    }
  };
  const list = <T>(open: string, close: string, items: T[], each: (item: T, i: number) => void) => {
    written += open + space();
    for (const [i, item] of items.entries()) {
      if (i > 0) written += `,${space()}`;
      each(item, i);
      written += space();
    }
    written += close;
  };
  put('', value);
  written += space();
  return { written, values, keys };
}
