import { isDeepStrictEqual } from 'node:util';
import type { SpecificationText } from '../../changes/find-experiment.ts';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { SpecError } from '../../errors/spec-error.ts';
import { ConflictError, StoreError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { pause } from '../../runtime/pause.ts';
import { within } from '../../runtime/within.ts';
import type { Revision } from '../../specification/types.ts';
import type { FieldProblem } from '../frame/page-definition.ts';
import type { Visit, WrittenChange } from '../frame/visit.ts';
import type { PastChange, Workspace } from '../store/workspace.ts';
import { partText, versionOf, versionOfText } from './parts.ts';
import { type ChangeRequest, readDocument } from './plan.ts';
import { type ChangePreview, previewOn } from './preview.ts';

/** The fields that every form of a change has. */
export interface ChangeForm {
  /** The version of the part that the visitor saw: `versionOf()` or `versionOfText()`. */
  readonly version: string;
  /** At most 2,000 characters. */
  readonly reason: string;
  /** True if the visitor ticked "Change what they see anyway". */
  readonly acceptsHarm: boolean;
}

/** The outcome of a change. */
export type SaveOutcome =
  | {
      readonly kind: 'saved';
      readonly revision: Revision;
      readonly preview: ChangePreview;
      /** False if this process does not use the change yet. */
      readonly isInForce: boolean;
    }
  /** The document already is as wanted; nothing was written. */
  | { readonly kind: 'unchanged' }
  /** Someone else changed the part first; nothing was written. */
  | {
      readonly kind: 'conflict';
      /** The other change; undefined if the store does not know it. */
      readonly theirs: PastChange | undefined;
      /** The visitor's change on the document as it is now; undefined if it can't be made there. */
      readonly preview: ChangePreview | undefined;
      /** The version for "Apply my change". */
      readonly version: string;
    }
  /** People would see a different variant, and the tick is missing; nothing was written. */
  | { readonly kind: 'harmful'; readonly preview: ChangePreview }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  /** The store failed; the text says what is known. */
  | { readonly kind: 'failed'; readonly message: string };

/** The longest reason, in characters. */
const MAX_REASON = 2000;

/** Characters that nobody sees, that end a line, or that turn the direction of writing; and half characters. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The most times that a change is planned again because others wrote other parts in between. */
const MAX_PLANS = 20;

/** The longest wait until this process uses what was written, in milliseconds, and the time between looks. */
const WAIT_MS = 3000;
const LOOK_MS = 25;

/**
 * Makes a change: reads the store, compares versions, plans, checks, and writes. Another change of another
 * part at the same moment is no conflict: the change is planned again on the newer document. Without a store
 * nothing is written. Calls `board.told` after each write, and waits a moment for the change to come into
 * force here, so that the next page shows it. Never rejects.
 */
export async function saveChange(
  visit: Visit,
  request: ChangeRequest,
  form: ChangeForm,
): Promise<SaveOutcome> {
  try {
    const { author, board } = visit;
    const problems = problemsOf(form, author);
    if (author === undefined || problems.length > 0) return { kind: 'invalid', problems };
    const { workspace } = board;
    if (workspace === undefined) {
      return { kind: 'failed', message: 'This dashboard has no store to write to.' };
    }
    return await write({ visit, request, form, workspace, author });
  } catch (error) {
    return failure(error);
  }
}

/** A change on its way. */
interface Saving {
  readonly visit: Visit;
  readonly request: ChangeRequest;
  readonly form: ChangeForm;
  readonly workspace: Workspace;
  readonly author: string;
}

async function write(saving: Saving): Promise<SaveOutcome> {
  const { visit, request, form, workspace, author } = saving;
  for (let plans = 1; ; plans++) {
    const document = await workspace.read();
    const base = await readDocument(document, workspace.name, visit.now);
    if (!versionsOf(base, request, visit.now).includes(form.version)) return conflict(saving, base);
    const preview = await previewOn(base, request);
    if (isDeepStrictEqual(preview.after.data, base.data)) return { kind: 'unchanged' };
    if (preview.harmful > 0 && !form.acceptsHarm) return { kind: 'harmful', preview };
    const by = { author, reason: form.reason.trim() };
    const edit = { base: document, text: preview.after.text, parts: [request.part] };
    let revision: Revision;
    try {
      revision = await workspace.write(edit, by);
    } catch (error) {
      if (error instanceof ConflictError && plans < MAX_PLANS) continue;
      throw error;
    }
    tell(visit, writtenChange(preview, by, revision));
    const isInForce = await becomesInForce(visit, preview);
    return { kind: 'saved', revision, preview, isInForce };
  }
}

/** Returns the versions by which a form may name the part as it is now, the one for the next form first. */
function versionsOf(
  base: SpecificationText,
  { part }: ChangeRequest,
  now: number,
): readonly [string, ...string[]] {
  const ofText = versionOfText(partText(base, part));
  // The specification does not keep the context, so only the text tells its versions apart.
  return part.kind === 'context' ? [ofText] : [versionOf(base.specification, part, now), ofText];
}

async function conflict(
  { visit, request, workspace }: Saving,
  base: SpecificationText,
): Promise<SaveOutcome> {
  const [version] = versionsOf(base, request, visit.now);
  const [theirs] = await workspace.changes({ part: request.part, limit: 1 }).catch(() => []);
  const preview = await previewOn(base, request).catch(() => undefined);
  return { kind: 'conflict', theirs, preview, version };
}

/** Tells the application of a change. It was written, so nothing that fails now may say otherwise. */
function tell({ board }: Visit, change: WrittenChange): void {
  try {
    board.told(change);
  } catch {
    // `told` reports its own errors.
  }
}

/** Returns the change for `onChange`. */
function writtenChange(
  { part, beforeText, afterText, before, after }: ChangePreview,
  { author, reason }: { readonly author: string; readonly reason: string },
  revision: Revision,
): WrittenChange {
  return {
    part,
    before: beforeText,
    after: afterText,
    documentBefore: before.text,
    documentAfter: after.text,
    author,
    reason,
    revision,
  };
}

/**
 * Loads the source, and returns true if the specification in force then has the part as it was written. Never
 * rejects.
 */
async function becomesInForce(
  { board, now }: Visit,
  { part, after }: ChangePreview,
): Promise<boolean> {
  const { signal } = new AbortController();
  const wanted = versionOf(after.specification, part, now);
  const isHere = (): boolean => {
    const snapshot = board.inForce();
    return snapshot !== undefined && versionOf(snapshot.specification, part, now) === wanted;
  };
  try {
    const late = (): Error => new StoreError('the source has not answered');
    // The source reports its own errors.
    await within(board.reload(), WAIT_MS, late).catch(() => {});
    for (let waited = 0; waited < WAIT_MS && !isHere(); waited += LOOK_MS) {
      await pause(LOOK_MS, signal);
    }
    return isHere();
  } catch {
    return false;
  }
}

function problemsOf({ reason }: ChangeForm, author: string | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (author === undefined || author.trim() === '') {
    problems.push({ message: 'The application did not say who you are, so nothing was saved.' });
  }
  if (reason.length > MAX_REASON) {
    problems.push({
      field: 'reason',
      message: `The reason has ${reason.length} characters; at most ${MAX_REASON} are kept.`,
    });
  }
  if (UNSEEN.test(reason)) {
    const message = 'The reason has a line break or an invisible character; remove it.';
    problems.push({ field: 'reason', message });
  }
  return problems;
}

function failure(error: unknown): SaveOutcome {
  if (error instanceof SpecError) {
    const problems = error.problems.map(({ path, message }) => ({ field: path, message }));
    return { kind: 'invalid', problems };
  }
  if (error instanceof EvenhandError && (error.code === 'option' || error.code === 'source')) {
    return { kind: 'invalid', problems: [{ message: error.message }] };
  }
  return { kind: 'failed', message: thrownMessage(error) };
}
