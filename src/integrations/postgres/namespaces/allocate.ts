import { NamespaceError } from './namespace-error.ts';
import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import { SegmentAllocations } from '../../../planout/namespaces/segment-allocations.ts';
import { quote } from '../../../errors/show-value.ts';
import type { NamespaceSpec } from '../../../specification/types.ts';

/** The segments of experiments by name. */
export type Segments = ReadonlyMap<string, readonly number[]>;

/** The experiments that are present after a history, with the lines that added them, in their order. */
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
 * The segments that the last line of a history draws. All lines before are replayed, at a hash for each
 * segment that was free whenever an experiment was added: which segments are drawn depends on the order
 * in which those before were taken and given back. This is what every client does when it loads.
 *
 * @param spec found valid; its last line adds an experiment
 * @param taken what the table of segments has, without that line
 * @throws NamespaceError `inconsistent` where that is not what the history gives
 */
export function drawSegments(spec: NamespaceSpec, taken: Segments): readonly number[] {
  const allocations = replay(spec, spec.history.slice(0, -1));
  assertSame(spec.name, allocations.present(), taken);
  const line = spec.history.at(-1);
  if (line === undefined || 'remove' in line) return [];
  allocations.add(line.add, line.segments);
  return allocations.present().get(line.add) ?? [];
}

/** The segments of all experiments that are present at the end of a history that was found valid. */
export function allSegments(spec: NamespaceSpec): Segments {
  return replay(spec, spec.history).present();
}

function replay(
  { name, segments }: NamespaceSpec,
  history: readonly HistoryLine[],
): SegmentAllocations {
  const allocations = new SegmentAllocations(name, segments);
  for (const line of history) {
    if ('remove' in line) allocations.remove(line.remove);
    else allocations.add(line.add, line.segments);
  }
  return allocations;
}

/** Who goes by the history and who goes by the table must not come to different results. */
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
  const named = (name: string | undefined): string => (name === undefined ? 'none' : quote(name));
  return new NamespaceError(
    'inconsistent',
    `namespace ${quote(namespace)}: the table of segments is not what the history gives: segment ` +
      `${segment} belongs to ${named(found)} there, and by the history to ${named(expected)}; ` +
      `set the row of evenhand_namespace_segments right`,
  );
}
