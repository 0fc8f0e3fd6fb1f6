import type { SplitResult } from '../result.ts';
import { pValueText } from './numbers.ts';

/**
 * Describes the result of the sample-ratio test in a sentence.
 *
 * @param onlyWithMixed true if the split is off only together with the units that saw several variants
 */
export function splitText(
  { status, pValue, lnPValue }: Pick<SplitResult, 'status' | 'pValue' | 'lnPValue'>,
  onlyWithMixed: boolean,
): string {
  switch (status) {
    case 'unknown':
      return 'The split is not tested, because the shares of the variants or the audiences of the units are not known.';
    case 'small':
      return 'The split is not tested, because too few units are expected in a variant.';
    case 'right':
      return `Split looks right (${pValueText(pValue ?? 1, lnPValue)}).`;
    case 'off':
      if (onlyWithMixed) {
        return 'Split is off (sample ratio mismatch) together with the units that saw several variants. Look for the cause before you read the differences.';
      }
      return lnPValue === null && pValue === 0
        ? 'Split is off (sample ratio mismatch): units have a variant whose share is 0. Look for the cause before you read the differences.'
        : `Split is off (sample ratio mismatch, ${pValueText(pValue ?? 0, lnPValue)}). Look for the cause before you read the differences.`;
  }
}
