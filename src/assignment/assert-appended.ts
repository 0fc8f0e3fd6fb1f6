import { HistoryError, type NamespaceChange } from '../errors/history-error.ts';
import { compareHistories } from '../planout/namespaces/compare-histories.ts';
import { replayHistory } from '../planout/namespaces/history.ts';
import { atOnce } from '../runtime/steps.ts';
import { specificationSteps } from '../specification/specification.ts';
import type { NamespaceSpec } from '../specification/types.ts';
import { Snapshot } from './snapshot.ts';

/**
 * Checks that the histories of namespaces were only appended to. Throws if existing lines were changed,
 * and reports the lines and the share of the segments that would move. Throws too if a namespace with
 * participants is gone or has another unit, number of segments or sampling. New namespaces and changed
 * experiments are allowed.
 *
 * ```ts
 * assertAppended(JSON.parse(execSync('git show main:experiments.config.json')), config);
 * ```
 *
 * @param before a snapshot, or the earlier content of `experiments.config.json`
 * @param after a snapshot, or its content now
 * @throws HistoryError `history` with every change
 * @throws SpecError `spec` for a specification that is invalid
 */
export function assertAppended(before: Snapshot | object, after: Snapshot | object): void {
  const present = new Map(namespacesOf(after, 'after').map((one) => [one.name, one]));
  const changes = namespacesOf(before, 'before').flatMap((one) =>
    changesOf(one, present.get(one.name)),
  );
  if (changes.length > 0) throw new HistoryError(changes);
}

function namespacesOf(config: Snapshot | object, origin: string): readonly NamespaceSpec[] {
  if (config instanceof Snapshot) return config.namespaces;
  // No script runs here, so the application's own operators need not be known.
  return atOnce(specificationSteps(config, { origin, operators: 'any' })).namespaces;
}

function changesOf(before: NamespaceSpec, after: NamespaceSpec | undefined): NamespaceChange[] {
  const namespace = before.name;
  const whole = wholeChange(before, after);
  if (after !== undefined && whole === undefined) {
    const { lines, movedShare } = compareHistories(before, after);
    return lines.length === 0 ? [] : [{ namespace, kind: 'history', lines, movedShare }];
  }
  const { free } = replayHistory(before);
  const takenShare = 1 - free / before.segments;
  // A namespace without taken segments can be removed.
  if (whole === undefined || takenShare === 0) return [];
  return [{ namespace, kind: whole, lines: [], movedShare: movedBy(before, after) ?? takenShare }];
}

/** Returns the share that a change of the whole namespace moves; undefined if the namespace is gone. */
function movedBy(before: NamespaceSpec, after: NamespaceSpec | undefined): number | undefined {
  if (after === undefined) return undefined;
  // Another unit or number of segments also moves units that are in no experiment.
  return reshuffles(before, after) !== undefined ? 1 : compareHistories(before, after).movedShare;
}

/** Returns the change that affects the namespace as a whole. */
function wholeChange(
  before: NamespaceSpec,
  after: NamespaceSpec | undefined,
): Exclude<NamespaceChange['kind'], 'history'> | undefined {
  if (after === undefined) return 'removed';
  const reshuffled = reshuffles(before, after);
  if (reshuffled !== undefined) return reshuffled;
  return before.sampling === after.sampling ? undefined : 'sampling';
}

/** Returns the change that gives every unit another segment. */
function reshuffles(before: NamespaceSpec, after: NamespaceSpec): 'segments' | 'unit' | undefined {
  if (before.segments !== after.segments) return 'segments';
  return before.unit.join() === after.unit.join() ? undefined : 'unit';
}
