import {
  betaBinomial,
  type BetaCounts,
  type BetaPrior,
} from '../../../src/stats/bayesian/beta-binomial.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input {
  readonly control: BetaCounts;
  readonly treatment: BetaCounts;
  readonly prior: BetaPrior;
}

describe('betaBinomial', () => {
  it.each(casesOf<Input, object>('beta-binomial'))('computes %s', (_, one) => {
    const { control, treatment, prior } = one.input;
    // The intervals of the reference are printed to 95%.
    const result = betaBinomial(control, treatment, { prior });
    expect(result.status).toBe('ok');
    expect(differences({ ...result, chanceToWin: result.chanceToBeBetter }, one)).toEqual([]);
  });
});
