import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { thrownMessage } from '../../errors/thrown.ts';

/** Longer JSON is recorded by its hash: what is cut would make different variants one. */
const MAX_LENGTH = 500;

/** Hexadecimal digits of a hash: 64 bits. */
const DIGITS = 16;

/**
 * What stands for the variant of an experiment that has parameters and no variants: their JSON, as
 * `{"button_text":"Buy"}`; where that has more than 500 characters, `sha256:` and 16 digits.
 */
export function paramsText(params: Readonly<Record<string, unknown>>): string {
  let text: string;
  try {
    text = JSON.stringify(params);
  } catch (thrown) {
    return thrownMessage(thrown).slice(0, MAX_LENGTH);
  }
  if (text.length <= MAX_LENGTH) return text;
  return `sha256:${nodeCrypto().hash('sha256', text).slice(0, DIGITS)}`;
}
