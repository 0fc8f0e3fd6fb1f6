import * as fc from 'fast-check';
import { hasSameRules, possibleTransitions } from '../../../src/workbench/diff/transitions.ts';
import type { ExperimentSpec } from '../../../src/specification/types.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { runs } from '../../runs.ts';

const RULES = ['a', 'b', 'c', 'd'];

function withRules(rules: readonly string[]): ExperimentSpec {
  const audiences = [...rules.map((rule) => audience({ x: 100 }, rule)), audience({ x: 100 })];
  const [spec] = atOnce(
    specificationSteps([experiment({ audiences })], { origin: 'test' }),
  ).experiments;
  if (spec === undefined) throw new Error('no experiment');
  return spec;
}

/** Returns the audience of a participant for whom these rules are true. */
function audienceOf({ audiences }: ExperimentSpec, isTrue: ReadonlySet<string>): number {
  return audiences.findIndex(({ rule }) => rule === undefined || isTrue.has(rule));
}

describe('possibleTransitions', () => {
  const rules = fc.array(fc.constantFrom(...RULES), { maxLength: 4 });

  it('are exactly the transitions that are possible for some outcomes of the rules', () => {
    fc.assert(
      fc.property(rules, rules, (before, after) => {
        const [one, other] = [withRules(before), withRules(after)];
        const ways = new Set<string>();
        for (let bits = 0; bits < 2 ** RULES.length; bits++) {
          const isTrue = new Set(RULES.filter((_, i) => bits & (1 << i)));
          ways.add(`${audienceOf(one, isTrue)} ${audienceOf(other, isTrue)}`);
        }
        const found = possibleTransitions(one, other).map(({ from, to }) => `${from} ${to}`);
        // A repeated rule is never reached, but its transition is found anyway.
        const reachable =
          new Set(before).size === before.length && new Set(after).size === after.length;
        for (const way of ways) expect(found).toContain(way);
        expect(reachable ? [...found].sort((a, b) => a.localeCompare(b)) : []).toEqual(
          reachable ? [...ways].sort((a, b) => a.localeCompare(b)) : [],
        );
      }),
      { numRuns: runs(300) },
    );
  });

  it('keep everyone in their audience if the rules are the same', () => {
    const spec = withRules(['a', 'b']);
    expect(hasSameRules(spec, spec)).toBe(true);
    expect(possibleTransitions(spec, spec)).toEqual([
      { from: 0, to: 0 },
      { from: 1, to: 1 },
      { from: 2, to: 2 },
    ]);
  });
});
