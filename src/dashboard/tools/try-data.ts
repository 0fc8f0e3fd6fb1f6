import type { Decision } from '../../assignment/explanation.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { parseJson } from '../../json/parse.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { ExperimentSpec, Revision } from '../../specification/types.ts';
import type { Visit } from '../frame/visit.ts';
import { quietSnapshot } from './quiet-snapshot.ts';
import { triedContext } from './tried-context.ts';

/** The most experiments that are decided for one page. */
const MAX_DECIDED = 200;

/** The most revisions to choose from. */
const MAX_REVISIONS = 30;

/** The decision of one experiment in the overview. */
export interface TriedRow {
  readonly name: string;
  /** Absent after an error. */
  readonly variant?: string;
  /** All variants, in the order of the specification. */
  readonly variants: readonly string[];
  /** Position of the audience that decided, from 0; absent if none did. */
  readonly audience?: number;
  /** Absent if no bucket was needed. */
  readonly bucket?: number;
  readonly error?: string;
}

/** A revision to choose. */
export interface TriedRevision {
  readonly revision: Revision;
  /** ISO 8601 in UTC; undefined if it is not known. */
  readonly at: string | undefined;
  readonly author: string | undefined;
}

/** The data of the page "Try a user". */
export interface TryData {
  /** The context as the reader typed it. */
  readonly context: string;
  /** The problem of the context or of the revision; absent if there is none. */
  readonly problem?: string;
  /** The revision that decided; undefined if the source has none. */
  readonly revision: Revision | undefined;
  /** True if an earlier revision was chosen. */
  readonly isPast: boolean;
  /** The chosen experiment or holdout; absent if none is chosen. */
  readonly experiment?: string;
  /** Its decision with all reasons, as `npx evenhand explain --json` prints it. */
  readonly decision?: Decision;
  /** Its specification as it is in force. */
  readonly spec?: ExperimentSpec;
  /** The decisions of all experiments, at most 200; absent if one is chosen, or before a context is given. */
  readonly decisions?: readonly TriedRow[];
  /** The number of experiments that are not listed. */
  readonly left: number;
  readonly names: readonly string[];
  /** Earlier revisions, the newest first; empty without a store. */
  readonly revisions: readonly TriedRevision[];
}

/** Decides experiments for a context that the reader typed. Records nothing. */
export async function tryData(visit: Visit): Promise<TryData> {
  const { query, now } = visit;
  const text = query.get('context') ?? '';
  const chosen = query.get('experiment') ?? '';
  const wanted = query.get('revision') ?? '';
  const frame = {
    context: text,
    left: 0,
    ...(chosen !== '' && { experiment: chosen }),
    revisions: await knownRevisions(visit),
  };
  const state = await stateOf(visit, wanted);
  if (typeof state === 'string') {
    const names = visit.snapshot.experiments.map(({ name }) => name);
    return { ...frame, problem: state, revision: undefined, isPast: false, names };
  }
  const { snapshot, revision, isPast } = state;
  const at = {
    ...frame,
    revision,
    isPast,
    names: [...snapshot.experiments, ...snapshot.holdouts].map(({ name }) => name),
  };
  const given = triedContext(text);
  if ('problem' in given) return { ...at, problem: given.problem };
  if (chosen === '' && text.trim() === '') return at;
  const participant = snapshot.participant(given.context, { now: new Date(now) });
  if (chosen !== '') {
    const spec = snapshot.specOf(chosen);
    return { ...at, decision: participant.explain(chosen), ...(spec && { spec }) };
  }
  const listed = snapshot.experiments.slice(0, MAX_DECIDED);
  return {
    ...at,
    decisions: listed.map((spec) => rowOf(participant.explain(spec.name), spec)),
    left: snapshot.experiments.length - listed.length,
  };
}

function rowOf(decision: Decision, { name, variants }: ExperimentSpec): TriedRow {
  const { variant, audience, bucket, error } = decision;
  return {
    name,
    variants: variants.map((one) => one.name),
    ...(variant !== undefined && { variant }),
    ...(audience !== undefined && { audience }),
    ...(bucket !== undefined && { bucket }),
    ...(error !== undefined && { error }),
  };
}

interface TriedState {
  readonly snapshot: Snapshot;
  readonly revision: Revision | undefined;
  readonly isPast: boolean;
}

/** Returns the experiments of a revision, or the sentence that says why there are none. */
async function stateOf({ snapshot, board }: Visit, wanted: string): Promise<TriedState | string> {
  const { revision } = snapshot;
  if (wanted === '' || wanted === String(revision)) {
    return { snapshot: await quietSnapshot(snapshot.specification), revision, isPast: false };
  }
  const missing = `Revision ${wanted.slice(0, 100)} is not known here. Choose another one.`;
  try {
    const document = await board.workspace?.at(asRevision(wanted));
    if (document === undefined) return missing;
    const origin = `revision ${document.revision}`;
    const steps = specificationSteps(parseJson(document.text, origin), {
      origin,
      text: document.text,
    });
    const past = await inSlices(steps, new AbortController().signal);
    return { snapshot: await quietSnapshot(past), revision: document.revision, isPast: true };
  } catch (error) {
    return thrownMessage(error);
  }
}

function asRevision(text: string): Revision {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

async function knownRevisions({ board }: Visit): Promise<readonly TriedRevision[]> {
  try {
    const changes = (await board.workspace?.changes({ limit: MAX_REVISIONS })) ?? [];
    return changes.map(({ revision, at, author }) => ({ revision, at, author }));
  } catch {
    // Without the history, the experiments in force can still be tried.
    return [];
  }
}
