import { compileRule } from '../../src/rules/compile/compile.ts';

/** Returns a clause repeated as often as a rule allows, evaluated for each of 10,000 items. */
function exhausting(clause: string, loops: string): string {
  const clauses = `${clause} or `.repeat(Math.floor(9000 / (clause.length + 4)));
  return `[0 ${loops} if ${clauses}0] == []`;
}

/** A value whose getter returns itself. */
class Endless {
  get a(): this {
    return this;
  }
}

const r = Array.from({ length: 4000 }, (_, i) => i);
const context = { r, d: {}, e: {}, s: new Set(), t: new Set(), a: new Endless() };

describe('a rule of many cheap operations', () => {
  it.each([
    ['powers of long numbers', exhausting('a**0<0', 'for a in [1<<9999] for x in "a"*9000')],
    [
      'lookups of long numbers',
      exhausting('q in z', 'for z in [{x<<64 for x in r}] for q in [1<<90] for y in "a"*4000'),
    ],
    ['unions of empty dicts', exhausting('d|e', 'for x in "a"*9000')],
    ['comparisons of empty dicts', exhausting('d!=e', 'for x in "a"*9000')],
    ['unions of empty sets', exhausting('s|t', 'for x in "a"*9000')],
    ['long paths', exhausting(`${'a.'.repeat(400)}a == a`, 'for x in "a"*9000')],
    ['comparisons of long paths', exhausting(`${'a.'.repeat(400)}a == "b"`, 'for x in "a"*9000')],
    ['bit operations', exhausting('1&0', 'for x in "a"*9000')],
  ])('ends at the limit: %s', (_what, source) => {
    const rule = compileRule(source);
    expect(() => rule(context)).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
