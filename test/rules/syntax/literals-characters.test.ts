import { codeAt, END } from '../../../src/rules/syntax/literals.ts';

describe('codeAt', () => {
  it('returns the UTF-16 code of each character', () => {
    const text = 'a\u{1f600}\ud800';
    const codes = Array.from({ length: text.length }, (_, i) => codeAt(text, i));
    expect(codes).toEqual([0x61, 0xd83d, 0xde00, 0xd800]);
  });

  it('returns END after the last character', () => {
    expect(codeAt('', 0)).toBe(END);
    expect(codeAt('ab', 2)).toBe(END);
    expect(codeAt('ab', 1000)).toBe(END);
    expect(END).toBeLessThan(0);
  });
});
