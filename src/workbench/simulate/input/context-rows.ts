import { ANONYMOUS_IDENTITY } from '../../../specification/reserved-identities.ts';
import { findNotUtf8, isUtf16 } from '../../../json/not-utf8.ts';
import { parseJson } from '../../../json/parse.ts';
import { findSyntaxProblem } from '../../../json/syntax.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { type Line, MAX_LINE_BYTES } from './read-lines.ts';
import { setOwn, trackingKey } from './generated-units.ts';

/** The content of a line of a context file. */
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
    // The decoder removes a byte order mark before the first line.
    text = decoder.decode(bytes);
    if (isUtf16(bytes)) return broken(problemOfBytes(bytes));
  } catch {
    return broken(problemOfBytes(bytes));
  }
  if (text.trim() === '') return { kind: 'blank' };
  let value: unknown;
  try {
    // `JSON.parse` of Node 24.21 reads some keys with escapes wrongly.
    value = text.includes('\\') ? parseJson(text, 'the line') : JSON.parse(text);
  } catch (error) {
    // Node's own messages change between versions.
    const problem = findSyntaxProblem(text);
    const reason =
      problem === undefined
        ? thrownMessage(error)
        : `column ${problem.offset + 1}: ${problem.reason}`;
    return broken(`the line is not JSON: ${reason}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return broken('the line is not a JSON object such as {"user": {"id": 4}}');
  }
  // The middleware gives every visitor a tracking cookie too.
  if (!Object.hasOwn(value, ANONYMOUS_IDENTITY)) {
    setOwn(value, ANONYMOUS_IDENTITY, trackingKey(index));
  }
  return { kind: 'context', context: value };
}

function problemOfBytes(bytes: Uint8Array): string {
  const { position, reason = 'the line is not UTF-8' } = findNotUtf8(bytes) ?? {};
  return position === undefined ? reason : `column ${position.column}: ${reason}`;
}

function broken(message: string): ContextRow {
  return { kind: 'broken', message };
}
