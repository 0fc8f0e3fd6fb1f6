import * as fc from 'fast-check';
import { scriptJson } from '../../src/views/index.ts';
import { runInNewContext } from 'node:vm';
import { anyText } from '../generators/any-text.ts';

describe('scriptJson', () => {
  it('escapes what could end the script or open a comment', () => {
    expect(scriptJson('</script><!-- ]]> &amp;')).toBe(
      '"\\u003c/script\\u003e\\u003c!-- ]]\\u003e \\u0026amp;"',
    );
  });

  it('escapes the separators that once were line breaks in JavaScript', () => {
    expect(scriptJson('\u2028\u2029')).toBe('"\\u2028\\u2029"');
  });

  it('escapes keys as well as values', () => {
    expect(scriptJson({ '</script>': 1 })).toBe('{"\\u003c/script\\u003e":1}');
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('gives null for %s', (_name, value) => {
    expect(scriptJson(value)).toBe('null');
  });

  it('honours toJSON', () => {
    expect(scriptJson(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
  });

  it('throws a TypeError for what JSON cannot hold', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => scriptJson(cycle)).toThrow(TypeError);
    expect(() => scriptJson(1n)).toThrow(TypeError);
  });

  /** Text made mostly of the characters that matter. */
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

  it('holds no character that means something to HTML, and parses back to the value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const json = scriptJson(value);
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
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
