import { thrownMessage } from '../../errors/thrown.ts';
import { parseJson } from '../../json/parse.ts';
import { isObject } from '../../options/check-options.ts';

/** The most characters of a context; addresses can't be much longer. */
export const MAX_CONTEXT = 6000;

/** A context that a reader typed, or the reason why it is none. */
export type TriedContext = { readonly context: object } | { readonly problem: string };

/** Reads a context from JSON, as `npx evenhand explain --context` does. An empty text is an empty context. */
export function triedContext(text: string): TriedContext {
  if (text.trim() === '') return { context: {} };
  if (text.length > MAX_CONTEXT) {
    return { problem: `The context is longer than ${MAX_CONTEXT} characters.` };
  }
  try {
    const data = parseJson(text, 'the context');
    if (isObject(data) && !Array.isArray(data)) return { context: data };
    return { problem: 'Write the context as a JSON object: {"user": {"id": 7}}.' };
  } catch (error) {
    return { problem: thrownMessage(error) };
  }
}
