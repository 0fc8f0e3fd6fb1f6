import { traceRule } from '../../src/rules/trace.ts';

const LENGTH = 1_000_000;

/** Returns a context with a long text that counts how often it is read. */
function counting(): { readonly context: object; readonly reads: () => number } {
  let reads = 0;
  const text = 'a'.repeat(LENGTH);
  const context = {
    get text() {
      reads++;
      return text;
    },
  };
  return { context, reads: () => reads };
}

describe('traceRule', () => {
  it('reads the values to show within one limit, however many the rule names', () => {
    const { context, reads } = counting();
    const items = Array.from({ length: 900 }, (_, i) => `text[${i}]`);
    const { error } = traceRule(`[${items.join(', ')}] == []`, context);
    expect(error).toMatchObject({ code: 'limit' });
    // 10,000,000 steps are ten reads of a text of a million characters: ten for the rule itself.
    expect(reads()).toBeLessThan(30);
  });

  it('reads a value once, however often the clause names it', () => {
    const { context, reads } = counting();
    const trace = traceRule('text[0] == text[0] == text[0] == text[0]', context);
    expect(trace).toEqual({
      outcome: true,
      clauses: [
        {
          clause: 'text[0] == text[0] == text[0] == text[0]',
          outcome: true,
          values: { 'text[0]': 'a' },
        },
      ],
    });
    expect(reads()).toBe(5);
  });

  it('shows the values that the rule read even if the rule reaches its limit', () => {
    const { context } = counting();
    const items = Array.from({ length: 20 }, () => 'text[0]');
    const { error, clauses } = traceRule(`[${items.join(', ')}] == []`, context);
    expect(error).toMatchObject({ code: 'limit' });
    expect(clauses).toMatchObject([{ outcome: 'error', values: { 'text[0]': 'a' } }]);
  });
});
