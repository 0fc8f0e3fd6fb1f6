import * as fc from 'fast-check';
import { scriptJson } from '../../src/views/index.ts';
import { runInNewContext } from 'node:vm';
import { anyText } from '../generators/any-text.ts';

describe('scriptJson', () => {
  it('escapes characters that can end the script or open a comment', () => {
    expect(scriptJson('</script><!-- ]]> &amp;')).toBe(
      '"\\u003c/script\\u003e\\u003c!-- ]]\\u003e \\u0026amp;"',
    );
  });

  it('escapes separators that were line breaks in old JavaScript', () => {
    expect(scriptJson('\u2028\u2029')).toBe('"\\u2028\\u2029"');
  });

  it('escapes keys as well as values', () => {
    expect(scriptJson({ '</script>': 1 })).toBe('{"\\u003c/script\\u003e":1}');
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('returns null for %s', (_name, value) => {
    expect(scriptJson(value)).toBe('null');
  });

  it('honours toJSON', () => {
    expect(scriptJson(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
  });

  it('throws TypeError for values that JSON cannot represent', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => scriptJson(cycle)).toThrow(TypeError);
    expect(() => scriptJson(1n)).toThrow(TypeError);
  });

  /** Generates text with many special characters. */
  const hostile = fc.oneof(
    anyText(),
    fc
      .array(
        fc.constantFrom('<', '>', '&', '/', '!', '-', '"', '\\', 'script', '\u2028', '\u2029', ']'),
      )
      .map((parts) => parts.join('')),
  );
  const { value: anyJson } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      hostile,
      fc.jsonValue(),
      fc.array(tie('value')),
      fc.dictionary(hostile, tie('value')),
    ),
  }));

  /**
   * Undoes the escapes. Texts are compared, because `JSON.parse` in Node 24.21 sometimes takes a key such
   * as `"\\u0000"` for the key `"\\\\"` of an object that it parsed before.
   */
  function withoutEscapes(json: string): string {
    return json.replaceAll(/\\(?:\\|u(003c|003e|0026|2028|2029))/g, (all, digits?: string) =>
      digits === undefined ? all : String.fromCharCode(Number.parseInt(digits, 16)),
    );
  }

  it('contains no special character of HTML, and is otherwise the JSON of the value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const json = scriptJson(value);
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(withoutEscapes(json)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('is a JavaScript literal of the same text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(runInNewContext(scriptJson(text))).toBe(text);
      }),
    );
  });
});
