import { findSyntaxProblem } from '../../../json/syntax.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { type Line, MAX_LINE_BYTES } from './read-lines.ts';
import { setOwn, trackingKey } from './synthetic-units.ts';

/** What a line of a context file holds. */
export type ContextRow =
  | { readonly kind: 'context'; readonly context: object }
  | { readonly kind: 'blank' }
  | { readonly kind: 'broken'; readonly message: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads a line: a JSON object with context values. Never throws. */
export function readContextRow({ index, bytes }: Line): ContextRow {
  if (bytes === undefined) return broken(`the line is longer than ${MAX_LINE_BYTES} bytes`);
  let text: string;
  try {
    // A byte order mark before the first line is taken away by the decoder.
    text = decoder.decode(bytes);
  } catch {
    return broken('the line is not UTF-8');
  }
  if (text.trim() === '') return { kind: 'blank' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Node's own words change from version to version.
    const problem = findSyntaxProblem(text);
    const reason =
      problem === undefined
        ? thrownMessage(error)
        : `column ${problem.offset + 1}: ${problem.reason}`;
    return broken(`the line is no JSON: ${reason}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return broken('the line must hold an object, such as {"user": {"id": 4}}');
  }
  // As the middleware gives each visitor a tracking cookie.
  if (!Object.hasOwn(value, 'anonymous')) setOwn(value, 'anonymous', trackingKey(index));
  return { kind: 'context', context: value };
}

function broken(message: string): ContextRow {
  return { kind: 'broken', message };
}
