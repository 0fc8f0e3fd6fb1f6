import { durationText, percentText } from '../../../ui/words.ts';

/** Sentences on the use of the values before the exposure (CUPED). */
export const cupedTexts = {
  switchedOff: 'CUPED is switched off.',
  quantile: 'CUPED does not apply to quantiles.',
  noValues: 'CUPED is off, because no values from before the exposure are known.',
  smallCounts: 'CUPED is off, because the counts are too small for it.',
  differBefore: (pValue: number): string =>
    `CUPED is off, because the variants differed before the exposure (p = ${pValue.toPrecision(1)}). ` +
    'Check that the variant does not influence who is exposed.',
  tooLittle: (reduction: number): string =>
    `CUPED is off, because it would reduce the variance by only ${percentText(Math.max(0, reduction))}.`,
  used: (reduction: number, preMs: number): string =>
    `CUPED is on: the values of the ${durationText(preMs)} before the exposure reduce the variance by ${percentText(reduction)}.`,
} as const;
