import { winsorise } from './winsorise.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input {
  readonly values: readonly number[];
  readonly quantile: number;
  readonly ignoreZeros: boolean;
}

describe('winsorise', () => {
  it.each(casesOf<Input, { readonly warning?: string }>('winsorise'))('computes %s', (_, one) => {
    const { values, quantile, ignoreZeros } = one.input;
    const { status, ...figures } = winsorise(values, quantile, ignoreZeros);
    expect(differences(figures, one)).toEqual([]);
    expect(status).toBe(one.expected.warning ?? 'ok');
  });
});
