import { listNames, quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import type { Note } from '../note.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';

/**
 * The limit for the hashes that replaying the histories of a specification may take. Adding an
 * experiment takes one hash for each free segment. Twenty million hashes take about ten seconds.
 */
export const MAX_HASHES = 20_000_000;

/**
 * The free segments that take as long as one hash when an experiment is added with fast sampling, which
 * lists them without hashing them.
 */
const FREE_PER_HASH = 20;

/** The facts a history is checked against. A fact is undefined when the file has it wrong. */
export interface HistorySubject {
  /** The number of segments of the namespace. */
  readonly segments: number | undefined;
  /** True if segments are drawn by fast sampling. */
  readonly fast: boolean;
  /** The experiments the namespace declares, by name. */
  readonly declared: ReadonlyMap<string, unknown> | undefined;
  /** The part of {@link MAX_HASHES} that earlier histories have not used. */
  readonly hashesLeft: number;
}

/** The state of a namespace at one line of its history. */
interface State {
  /** The number of segments of each running experiment; undefined when an earlier line is invalid. */
  readonly present: Map<string, number | undefined>;
  /** The number of the line that removed a name, from 1. */
  readonly removed: Map<string, number>;
  /** The number of free segments; undefined when an earlier line is invalid. */
  free: number | undefined;
  readonly fast: boolean;
  hashes: number;
}

/**
 * Finds the impossible lines of a history: adding a running experiment, removing one that is not
 * running, undeclared experiments, more segments than are free.
 *
 * @returns the number of hashes that replaying the history takes
 */
export function checkHistory(
  history: readonly unknown[],
  { segments, fast, declared, hashesLeft }: HistorySubject,
  path: string,
  note: Note,
): number {
  const state: State = {
    present: new Map(),
    removed: new Map(),
    free: segments,
    fast,
    hashes: 0,
  };
  for (const [i, line] of history.entries()) {
    const at = `${path}/${i}`;
    if (typeof line !== 'object' || line === null || Array.isArray(line)) continue;
    const add = member(line, 'add');
    const remove = member(line, 'remove');
    if ((add === undefined) === (remove === undefined)) {
      note(at, () =>
        add === undefined
          ? 'this line of the history has neither "add" nor "remove"; add one of them'
          : 'this line of the history has both "add" and "remove"; write two lines',
      );
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
        `replaying this history takes ${state.hashes} hashes (${fast ? FAST_COST : FULL_COST} whenever an ` +
        `experiment is added), but all histories together may take at most ${MAX_HASHES}; start a ` +
        `new namespace with fewer segments${fast ? '' : ', or with "sampling": "fast"'}`,
    );
  }
  return state.hashes;
}

const FULL_COST = 'one for each free segment';
const FAST_COST = `one for each segment that it gets and for every ${FREE_PER_HASH} free segments`;

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
  const isCount = typeof segments === 'number' && Number.isInteger(segments) && segments >= 0;
  const fits = isCount && free !== undefined && segments <= free;
  const isFast = state.fast && fits;
  state.hashes += isFast ? segments + Math.ceil(free / FREE_PER_HASH) : (free ?? 0);
  if (isCount && free !== undefined && !fits) {
    note(
      `${path}/segments`,
      () => `segments is ${segments}, but only ${free} segments are free at this line; take fewer`,
    );
  }
  if (typeof name === 'string' && state.present.has(name)) {
    note(
      `${path}/add`,
      () =>
        `experiment ${quote(name)} is already running; remove it first, or use another name in "add"`,
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
      note(
        `${path}/${key}`,
        () => `"${key}" is not allowed with "remove", which frees all segments; delete it`,
      );
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
    return `experiment ${quote(name)} was already removed by line ${removedAt} of the history`;
  return `experiment ${quote(name)} is not running at this line; ${namesOr('running', present)}${hint(name, present)}`;
}

function namesOr(what: string, names: Iterable<string>): string {
  return `${what}: ${listNames(names) || 'none'}`;
}

function hint(name: string, names: Iterable<string>): string {
  const meant = didYouMean(name, names);
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}
