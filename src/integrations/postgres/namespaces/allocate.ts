import { NamespaceError } from './namespace-error.ts';
import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import { SegmentAllocations } from '../../../planout/namespaces/segment-allocations.ts';
import { quote } from '../../../errors/show-value.ts';
import type { NamespaceSpec } from '../../../specification/types.ts';

/** The segments of each experiment, by its name. */
export type Segments = ReadonlyMap<string, readonly number[]>;

/** Returns the running experiments after a history, with the lines that added them, in order. */
export function presentAfter(
  history: readonly HistoryLine[],
): ReadonlyMap<string, Extract<HistoryLine, { add: string }>> {
  const present = new Map<string, Extract<HistoryLine, { add: string }>>();
  for (const line of history) {
    if ('remove' in line) present.delete(line.remove);
    else present.set(line.add, line);
  }
  return present;
}

/**
 * Returns the segments that the last line of a history draws. All earlier lines are replayed, as
 * every client does when it loads, because a draw depends on the order in which segments were taken
 * and freed. Each added experiment costs one hash for each segment that was free at that time, or with
 * fast sampling for each segment that it got.
 *
 * @param spec a valid namespace whose last line adds an experiment
 * @param taken the rows of the segment table without that line
 * @throws NamespaceError `inconsistent` if the table disagrees with the history
 */
export function drawSegments(spec: NamespaceSpec, taken: Segments): readonly number[] {
  const allocations = replay(spec, spec.history.slice(0, -1));
  assertSame(spec.name, allocations.present(), taken);
  const line = spec.history.at(-1);
  if (line === undefined || 'remove' in line) return [];
  allocations.add(line.add, line.segments);
  return allocations.present().get(line.add) ?? [];
}

/** Returns the segments of all running experiments at the end of a valid history. */
export function allSegments(spec: NamespaceSpec): Segments {
  return replay(spec, spec.history).present();
}

function replay(
  { name, segments, sampling }: NamespaceSpec,
  history: readonly HistoryLine[],
): SegmentAllocations {
  const allocations = new SegmentAllocations(name, segments, sampling);
  for (const line of history) {
    if ('remove' in line) allocations.remove(line.remove);
    else allocations.add(line.add, line.segments);
  }
  return allocations;
}

/** Checks that the history and the segment table assign the same segments. */
function assertSame(namespace: string, expected: Segments, taken: Segments): void {
  const owners = new Map<number, string>();
  for (const [name, segments] of taken) for (const segment of segments) owners.set(segment, name);
  for (const [name, segments] of expected) {
    for (const segment of segments) {
      if (owners.get(segment) !== name) {
        throw inconsistent(namespace, segment, owners.get(segment), name);
      }
      owners.delete(segment);
    }
  }
  for (const [segment, name] of owners) throw inconsistent(namespace, segment, name, undefined);
}

function inconsistent(
  namespace: string,
  segment: number,
  found: string | undefined,
  expected: string | undefined,
): NamespaceError {
  const named = (name: string | undefined): string =>
    name === undefined ? 'no experiment' : quote(name);
  return new NamespaceError(
    'inconsistent',
    `namespace ${quote(namespace)}: the segment table disagrees with the history: segment ${segment} ` +
      `belongs to ${named(found)} in the table and to ${named(expected)} in the history; ` +
      `correct its row in evenhand_namespace_segments`,
  );
}
