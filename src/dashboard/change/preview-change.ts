import type { Visit } from '../frame/visit.ts';
import { type ChangeRequest, readDocument } from './plan.ts';
import { type ChangePreview, previewOn } from './preview.ts';

/** The part of a preview that pages show, and that scripts get. */
export type ShownPreview = Pick<
  ChangePreview,
  'beforeText' | 'afterText' | 'harmful' | 'sentences'
>;

/** Returns the part of a preview that pages show. */
export function shownPreview({
  beforeText,
  afterText,
  harmful,
  sentences,
}: ChangePreview): ShownPreview {
  return { beforeText, afterText, harmful, sentences };
}

/**
 * Returns what a change would do to the document in the store.
 *
 * @throws EvenhandError (`option`, `spec`, `json`, `source`) if it can't be made, and (`store`) if the store
 *   fails or there is none
 */
export async function previewChange(
  { board, now }: Visit,
  request: ChangeRequest,
): Promise<ChangePreview> {
  const { workspace } = board;
  if (workspace === undefined) throw new TypeError('previewChange() needs a store');
  const document = await workspace.read();
  return previewOn(await readDocument(document, workspace.name, now), request);
}
