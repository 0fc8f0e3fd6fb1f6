import { benjaminiHochberg } from '../../../src/stats/split/benjamini-hochberg.ts';
import { holm } from '../../../src/stats/split/holm.ts';
import { casesOf, differences } from '../vectors.ts';

describe('holm and benjaminiHochberg', () => {
  it.each(casesOf<{ readonly pValues: number[] }, object>('multiple'))('correct %s', (_, one) => {
    const { pValues } = one.input;
    // The columns of Bonferroni and Benjamini–Yekutieli are not used.
    expect(
      differences({ holm: holm(pValues), benjaminiHochberg: benjaminiHochberg(pValues) }, one),
    ).toEqual([]);
  });
});
