import { normalPosterior, type NormalPrior } from '../../../src/stats/bayesian/normal-posterior.ts';
import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Arm } from '../../../src/stats/effects/estimate.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly difference: 'absolute' | 'relative';
  readonly prior: NormalPrior | null;
  readonly alpha: number;
  readonly lowerIsBetter: boolean;
}

describe('normalPosterior', () => {
  it.each(casesOf<Input, object>('bayesian'))('computes %s', (_, one) => {
    const { control, treatment, difference, ...options } = one.input;
    const test = { alternative: 'two-sided', alpha: options.alpha } as const;
    const { estimate, standardError } =
      difference === 'absolute'
        ? compareMeans(control, treatment, difference, test)
        : deltaLift(independentPair(control, treatment), test);
    const { chanceToBeBetter, chanceToBeWorse, ...posterior } = normalPosterior(
      { estimate: estimate ?? 0, standardError: standardError ?? 0 },
      { ...options, baseline: difference === 'absolute' ? control.mean : 1 },
    );
    const names = { chanceToWin: chanceToBeBetter, chanceToLose: chanceToBeWorse };
    expect(differences({ ...posterior, ...names }, one)).toEqual([]);
  });
});
