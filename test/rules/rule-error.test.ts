import { RuleError } from '../../src/errors/rule-error.ts';

describe('RuleError', () => {
  it('shows a place at the start of a rule that begins with a line break', () => {
    const { message } = new RuleError('type', 'wrong', '\nx == 1', { start: 0, end: 1 });
    expect(message).toBe('wrong\n  \n  ^');
  });

  it('shows the line of the place, not the whole rule', () => {
    const { message } = new RuleError('type', 'wrong', '(a or\n b)', { start: 7, end: 8 });
    expect(message).toBe('wrong\n   b)\n   ^');
  });

  it('aligns the carets after an invisible character beyond U+FFFF', () => {
    const { message } = new RuleError('type', 'wrong', '\u{110bd} x', { start: 3, end: 4 });
    expect(message).toBe('wrong\n     x\n     ^');
  });
});
