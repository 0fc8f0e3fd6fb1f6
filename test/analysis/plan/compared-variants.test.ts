// cspell:ignore shrt
import { resolvePlan } from '../../../src/analysis/plan/resolve-plan.ts';
import { planDigest } from '../../../src/analysis/plan/plan-digest.ts';
import { experiment, METRICS, specificationOf } from '../../specification/metrics/read-metrics.ts';

const metrics = Object.values(METRICS);

/** Returns the compared variants and the control of an experiment with these variants. */
function compared(names: readonly string[], analysis?: object, options: object = {}) {
  const variants = names.map((name) => ({ name }));
  const allocations = names.map((variant, i) => ({ variant, percent: i === 0 ? 100 : 0 }));
  const parts = { variants, audiences: [{ allocations }], analysis };
  const specification = specificationOf({ experiments: [experiment(parts)], metrics });
  const plan = resolvePlan(specification, 'checkout', { now: 0, ...options });
  expect(plan.variants).toStrictEqual(names);
  return plan;
}

describe('the compared variants', () => {
  it.each([
    [['control', 'short'], 'control', ['control', 'short']],
    [['inactive', 'short', 'control'], 'control', ['short', 'control']],
    [['control', 'off', 'short'], 'control', ['control', 'short']],
    [['off', 'on'], 'off', ['off', 'on']],
    [['off', 'inactive', 'on'], 'off', ['off', 'on']],
    [['inactive', 'short'], 'inactive', ['inactive', 'short']],
    [['short', 'inactive'], 'short', ['short', 'inactive']],
  ])('of %j are, with the control %s, %j', (names, control, expected) => {
    expect(compared(names)).toMatchObject({ control, compared: expected });
  });

  it('are those of the analysis, in the order of the specification', () => {
    const analysis = { variants: ['short', 'control'] };
    expect(compared(['control', 'long', 'short'], analysis).compared).toStrictEqual([
      'control',
      'short',
    ]);
    const options = { variants: ['long', 'control'] };
    expect(compared(['control', 'long', 'short'], analysis, options).compared).toStrictEqual([
      'control',
      'long',
    ]);
  });

  it.each([
    [
      { variants: ['control', 'shrt'] },
      '"shrt" is not a variant of experiment "checkout"; its variants: control, long, short; did you mean "short"?',
    ],
    [
      { variants: ['long', 'short'] },
      'the control "control" of experiment "checkout" is not compared; add it to the compared variants (long, short), or choose one of them as the control',
    ],
  ])('refuse %j', (options, message) => {
    expect(() => compared(['control', 'long', 'short'], undefined, options)).toThrow(message);
  });

  it('are a part of the digest of rows only if some variants are not compared', () => {
    const all = compared(['control', 'long', 'short']);
    const listed = compared(['control', 'long', 'short'], {
      variants: ['control', 'long', 'short'],
    });
    const two = compared(['control', 'long', 'short'], { variants: ['control', 'long'] });
    expect(planDigest(listed)).toBe(planDigest(all));
    expect(planDigest(two)).not.toBe(planDigest(all));
  });
});
