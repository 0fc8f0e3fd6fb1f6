import { readFileSync } from 'node:fs';
import { detectableLift } from '../../../src/stats/power/detectable-lift.ts';
import type { Design } from '../../../src/stats/power/design.ts';
import { midway } from '../../../src/stats/power/midway.ts';
import { power } from '../../../src/stats/power/power.ts';
import { unitsNeeded } from '../../../src/stats/power/units-needed.ts';

interface PowerCase {
  readonly id: string;
  readonly kind: 'power';
  readonly tolerance: number;
  readonly input: {
    readonly metric: 'proportion' | 'mean';
    readonly mean: number;
    readonly sd: number | null;
    readonly lift: number;
    readonly unitsControl: number;
    readonly treatmentPerControl: number;
    readonly alpha: number;
    readonly alternative: 'two-sided' | 'greater' | 'less';
    readonly targetPower: number;
  };
  readonly expected: {
    readonly power: number;
    readonly sampleSizeControl: number;
    readonly sampleSizeControlExact: number;
    readonly minimumDetectableLift: number;
  };
}

interface MidwayCase {
  readonly id: string;
  readonly kind: 'power-midway';
  readonly tolerance: number;
  readonly input: {
    readonly standardErrorSoFar: number;
    readonly unitsSoFar: number;
    readonly targetLift: number;
    readonly alpha: number;
    readonly targetPower: number;
    readonly sequential: boolean;
    readonly tuning: number | null;
    readonly prior: { readonly mean: number; readonly sd: number } | null;
  };
  readonly expected: {
    readonly powerNow: number;
    readonly moreUnitsFactor: number;
    readonly moreUnits: number;
  };
}

const vectors = new URL('../../vectors/statistics.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as {
  cases: readonly (PowerCase | MidwayCase | { readonly kind: 'other' })[];
};
const powerCases = cases.filter((one): one is PowerCase => one.kind === 'power');
const midwayCases = cases.filter((one): one is MidwayCase => one.kind === 'power-midway');

/** Returns the relative error; infinite if there is no number. */
function errorOf(actual: number | null, expected: number): number {
  return actual === null ? Number.POSITIVE_INFINITY : Math.abs(actual / expected - 1);
}

function designOf({ input }: PowerCase): Design {
  const { metric, mean, sd, treatmentPerControl, alpha, alternative } = input;
  return {
    baseline: { value: mean, variance: metric === 'proportion' ? 'rate' : (sd ?? 0) ** 2 },
    treatmentPerControl,
    test: { alpha, alternative, width: { method: 'fixed' } },
  };
}

function widthOf({ input }: MidwayCase): Design['test']['width'] {
  const { sequential, tuning, prior } = input;
  if (sequential) return { method: 'sequential', tuning: tuning ?? 0 };
  return prior === null ? { method: 'fixed' } : { method: 'bayesian', priorSd: prior.sd };
}

describe('the reference cases of power', () => {
  it('are eleven before the start and five midway', () => {
    expect([powerCases.length, midwayCases.length]).toEqual([11, 5]);
  });

  it.each(powerCases)('$id: power', (one) => {
    const { lift, unitsControl } = one.input;
    expect(
      errorOf(power(designOf(one), lift, unitsControl), one.expected.power),
    ).toBeLessThanOrEqual(one.tolerance);
  });

  it.each(powerCases)('$id: units needed', (one) => {
    const { lift, targetPower } = one.input;
    const units = unitsNeeded(designOf(one), lift, targetPower);
    expect(errorOf(units, one.expected.sampleSizeControlExact)).toBeLessThanOrEqual(one.tolerance);
    expect(Math.ceil(units ?? 0)).toBe(one.expected.sampleSizeControl);
  });

  it.each(powerCases)('$id: detectable lift', (one) => {
    const { unitsControl, targetPower } = one.input;
    const lift = detectableLift(designOf(one), unitsControl, targetPower);
    expect(errorOf(lift, one.expected.minimumDetectableLift)).toBeLessThanOrEqual(one.tolerance);
  });

  it.each(midwayCases)('$id: power so far and further units', (one) => {
    const { standardErrorSoFar, unitsSoFar, targetLift, alpha, targetPower } = one.input;
    const found = midway({
      lift: targetLift,
      standardError: standardErrorSoFar,
      units: unitsSoFar,
      test: { alpha, alternative: 'two-sided', width: widthOf(one) },
      targetPower,
    });
    expect(errorOf(found.powerNow, one.expected.powerNow)).toBeLessThanOrEqual(one.tolerance);
    expect(errorOf(found.moreUnitsFactor, one.expected.moreUnitsFactor)).toBeLessThanOrEqual(
      one.tolerance,
    );
    expect(errorOf(found.moreUnits, one.expected.moreUnits)).toBeLessThanOrEqual(one.tolerance);
  });
});
