import type { SpecificationText } from '../../changes/find-experiment.ts';
import { parseJson } from '../../json/parse.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { DocumentPart, StoredDocument } from '../store/workspace.ts';

/** A change that a form asks for. */
export interface ChangeRequest {
  readonly part: DocumentPart;
  /**
   * Returns the whole JSON after the change, planned on a document that may be newer than the one that the
   * visitor saw; the same text if nothing changes. Pure.
   *
   * @throws EvenhandError (`option`, `spec`, `json`, `source`), whose message is shown at the form
   */
  readonly plan: (base: SpecificationText) => string;
}

/** Never aborted: a change is planned in milliseconds. */
const never = new AbortController().signal;

/**
 * Parses and validates a document, in slices.
 *
 * @param origin its name in messages
 * @param atMs the instant whose audiences are in force, in milliseconds since 1970
 * @throws SpecError (`json`, `spec`) with every problem
 */
export async function readDocument(
  { text }: Pick<StoredDocument, 'text'>,
  origin: string,
  atMs: number,
): Promise<SpecificationText> {
  const data = parseJson(text, origin);
  // The operators of scripts are known to the application's source, which checks them.
  const steps = specificationSteps(data, { origin, text, operators: 'any' });
  return { origin, text, data, specification: await inSlices(steps, never), atMs };
}
