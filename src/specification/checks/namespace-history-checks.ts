import { listNames, quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import type { Note } from '../note.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';

/**
 * How many hashes replaying the histories of a specification may cost: adding an experiment costs one
 * for each segment that is free, and this many take about ten seconds.
 */
export const MAX_HASHES = 20_000_000;

/** What a history is checked against; undefined where that is wrong itself. */
export interface HistorySubject {
  /** How many segments the namespace has. */
  readonly segments: number | undefined;
  /** The experiments the namespace declares, by name. */
  readonly declared: ReadonlyMap<string, unknown> | undefined;
  /** How many hashes the histories before it have left of {@link MAX_HASHES}. */
  readonly hashesLeft: number;
}

/** A namespace as it is at one point of its history. */
interface State {
  /** How many segments each present experiment has; undefined where that can't be told. */
  readonly present: Map<string, number | undefined>;
  /** The number of the line that removed a name, from 1. */
  readonly removed: Map<string, number>;
  /** Undefined once that can't be told any more. */
  free: number | undefined;
  hashes: number;
}

/**
 * Finds the lines of a history that can't have been: names that are present already or not present,
 * experiments that are not declared, more segments than are free at that point.
 *
 * @returns how many hashes replaying it costs
 */
export function checkHistory(
  history: readonly unknown[],
  { segments, declared, hashesLeft }: HistorySubject,
  path: string,
  note: Note,
): number {
  const state: State = { present: new Map(), removed: new Map(), free: segments, hashes: 0 };
  for (const [i, line] of history.entries()) {
    const at = `${path}/${i}`;
    if (typeof line !== 'object' || line === null || Array.isArray(line)) continue;
    const add = member(line, 'add');
    const remove = member(line, 'remove');
    if ((add === undefined) === (remove === undefined)) {
      const found = add === undefined ? 'neither' : 'both';
      note(at, () => `a line of the history has either "add" or "remove"; this one has ${found}`);
      state.free = undefined;
    } else if (remove === undefined) {
      checkAddition(line, add, declared, state, at, note);
    } else {
      checkRemoval(line, remove, i, state, at, note);
    }
  }
  if (state.hashes > hashesLeft) {
    note(
      path,
      () =>
        `replaying this history takes ${state.hashes} hashes, one for each free segment whenever an ` +
        `experiment is added, and all histories together may take ${MAX_HASHES}: begin a new ` +
        `namespace with fewer segments`,
    );
  }
  return state.hashes;
}

function checkAddition(
  line: object,
  name: unknown,
  declared: ReadonlyMap<string, unknown> | undefined,
  state: State,
  path: string,
  note: Note,
): void {
  const segments = member(line, 'segments');
  if (segments === undefined) note(path, () => 'the property "segments" is missing');
  const experiment = member(line, 'experiment') ?? name;
  if (typeof experiment === 'string' && declared !== undefined && !declared.has(experiment)) {
    const key = member(line, 'experiment') === undefined ? 'add' : 'experiment';
    note(`${path}/${key}`, () => notDeclared(experiment, declared));
  }
  const { free } = state;
  state.hashes += free ?? 0;
  const isCount = typeof segments === 'number' && Number.isInteger(segments) && segments >= 0;
  const fits = isCount && free !== undefined && segments <= free;
  if (isCount && free !== undefined && !fits) {
    note(`${path}/segments`, () => `only ${free} segments are free here, not ${segments}`);
  }
  if (typeof name === 'string' && state.present.has(name)) {
    note(
      `${path}/add`,
      () => `${quote(name)} is present already; remove it first, or add this under another name`,
    );
    return;
  }
  state.free = fits ? free - segments : undefined;
  if (typeof name === 'string') state.present.set(name, fits ? segments : undefined);
}

function checkRemoval(
  line: object,
  name: unknown,
  index: number,
  state: State,
  path: string,
  note: Note,
): void {
  for (const key of ['segments', 'experiment']) {
    if (member(line, key) !== undefined) {
      note(`${path}/${key}`, () => `"${key}" belongs to "add"; "remove" takes all segments back`);
    }
  }
  if (typeof name !== 'string') return;
  const { present, removed } = state;
  if (!present.has(name)) {
    const names = [...present.keys()];
    const before = removed.get(name);
    note(`${path}/remove`, () => notPresent(name, names, before));
    return;
  }
  const segments = present.get(name);
  if (state.free !== undefined && segments !== undefined) state.free += segments;
  present.delete(name);
  removed.set(name, index + 1);
}

function notDeclared(name: string, declared: ReadonlyMap<string, unknown>): string {
  return `experiment ${quote(name)} is not declared; ${namesOr('declared', declared.keys())}${hint(name, declared.keys())}`;
}

function notPresent(
  name: string,
  present: readonly string[],
  removedAt: number | undefined,
): string {
  if (removedAt !== undefined)
    return `${quote(name)} has been removed already, by line ${removedAt}`;
  return `${quote(name)} is not present here; ${namesOr('present', present)}${hint(name, present)}`;
}

function namesOr(what: string, names: Iterable<string>): string {
  return `${what}: ${listNames(names) || 'none'}`;
}

function hint(name: string, names: Iterable<string>): string {
  const meant = didYouMean(name, names);
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}
