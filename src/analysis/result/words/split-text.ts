import type { SplitResult } from '../result.ts';
import { showName } from '../../../errors/show-value.ts';
import { listText, pValueText } from '../../../ui/words.ts';

/** Facts about the split that its test does not have. */
interface SplitFacts {
  /** True if the split is off only together with the units that saw several variants. */
  readonly onlyWithMixed: boolean;
  /** The variants that have units but are not compared. */
  readonly notCompared: readonly string[];
}

/**
 * Describes the result of the sample-ratio test in a sentence. A split that is right names the variants that it
 * includes though they are not compared.
 */
export function splitText(
  { status, pValue, lnPValue }: Pick<SplitResult, 'status' | 'pValue' | 'lnPValue'>,
  { onlyWithMixed, notCompared }: SplitFacts,
): string {
  switch (status) {
    case 'unknown':
      return 'The split is not tested, because the shares of the variants or the audiences of the units are not known.';
    case 'small':
      return 'The split is not tested, because too few units are expected in a variant.';
    case 'right':
      return `Split looks right${including(notCompared)} (${pValueText(pValue ?? 1, lnPValue)}).`;
    case 'off':
      if (onlyWithMixed) {
        return 'Split is off (sample ratio mismatch) together with the units that saw several variants. Look for the cause before you read the differences.';
      }
      return lnPValue === null && pValue === 0
        ? 'Split is off (sample ratio mismatch): units have a variant whose share is 0. Look for the cause before you read the differences.'
        : `Split is off (sample ratio mismatch, ${pValueText(pValue ?? 0, lnPValue)}). Look for the cause before you read the differences.`;
  }
}

function including(variants: readonly string[]): string {
  return variants.length === 0 ? '' : `, including ${listText(variants.map(showName))}`;
}
