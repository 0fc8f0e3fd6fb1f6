import { codeAt, END } from '../../../src/rules/syntax/characters.ts';

describe('codeAt', () => {
  it('gives the UTF-16 code of each character', () => {
    const text = 'a\u{1f600}\ud800';
    const codes = Array.from({ length: text.length }, (_, i) => codeAt(text, i));
    expect(codes).toEqual([0x61, 0xd83d, 0xde00, 0xd800]);
  });

  it('gives what no character has behind the last one', () => {
    expect(codeAt('', 0)).toBe(END);
    expect(codeAt('ab', 2)).toBe(END);
    expect(codeAt('ab', 1000)).toBe(END);
    expect(END).toBeLessThan(0);
  });
});
