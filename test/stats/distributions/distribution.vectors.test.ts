import { betaQuantile } from '../../../src/stats/distributions/beta.ts';
import { chiSquareTail, lnChiSquareTail } from '../../../src/stats/distributions/chi-square.ts';
import {
  lnNormalTail,
  normalQuantile,
  normalTail,
} from '../../../src/stats/distributions/normal.ts';
import { lnTTail, tQuantile, tTail } from '../../../src/stats/distributions/student-t.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input {
  readonly function: string;
  readonly arguments: readonly [number, number, number];
}

interface Expected {
  readonly value: number;
  readonly ln?: number | null;
}

const functions: Readonly<
  Record<string, (...values: readonly [number, number, number]) => number>
> = {
  normalSurvival: normalTail,
  tSurvival: tTail,
  chiSquareSurvival: chiSquareTail,
  normalQuantile,
  tQuantile,
  betaQuantile,
};

const logarithms: typeof functions = {
  normalSurvival: lnNormalTail,
  tSurvival: lnTTail,
  chiSquareSurvival: lnChiSquareTail,
};

describe('distributions', () => {
  it.each(casesOf<Input, Expected>('distribution'))('compute %s', (_, one) => {
    const { function: name, arguments: values } = one.input;
    const ln = logarithms[name]?.(...values);
    expect(
      differences(
        { value: functions[name]?.(...values), ...(ln === undefined ? {} : { ln }) },
        one,
      ),
    ).toEqual([]);
  });
});
