import * as fc from 'fast-check';
import { orderOf, showCircle } from '../../../src/specification/checks/order.ts';
import { runs } from '../../runs.ts';

const graphs = fc
  .array(fc.array(fc.nat(9), { maxLength: 3 }), { maxLength: 8 })
  .map((lists) => new Map(lists.map((list, i) => [`n${i}`, list.map((one) => `n${one}`)])));

/** Returns true if a thing needs itself, directly or through others. */
function isInCircle(thing: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(needs.get(thing) ?? [])];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === thing) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...(needs.get(one) ?? []));
  }
  return false;
}

describe('orderOf', () => {
  it('sorts things after those they need, and finds a circle exactly if there is one', () => {
    fc.assert(
      fc.property(graphs, (needs) => {
        const { sorted, circles } = orderOf(needs);
        const before = new Set<string>();
        for (const thing of sorted) {
          const needed = (needs.get(thing) ?? []).filter((one) => needs.has(one));
          expect(needed.filter((one) => !before.has(one))).toEqual([]);
          before.add(thing);
        }
        const hasCircle = [...needs.keys()].some((thing) => isInCircle(thing, needs));
        expect(circles.length > 0).toBe(hasCircle);
        expect(sorted.length === needs.size).toBe(!hasCircle);
        for (const circle of circles) {
          expect(circle[0]).toBe(circle.at(-1));
          for (const [i, one] of circle.slice(1).entries()) {
            expect(needs.get(circle[i] ?? '')).toContain(one);
          }
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('showCircle', () => {
  it('cuts long circles', () => {
    expect(showCircle(['a', 'b', 'a'])).toBe('a → b → a');
    const long = Array.from({ length: 100 }, (_, i) => `n${i}`);
    expect(showCircle([...long, 'n0'])).toMatch(/^n0 → .* → n38 → \(61 more\) → n0$/);
  });
});
