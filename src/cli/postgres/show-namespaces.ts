import type {
  NamespaceOperationRecord,
  NamespaceSummary,
} from '../../integrations/postgres/namespaces/namespace-types.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { renderTable } from '../output/table.ts';
import { formatTime } from './show-stored.ts';

/** Prints the number of segments of each experiment, by namespace. */
export function showNamespaces(host: Host, namespaces: readonly NamespaceSummary[]): void {
  if (namespaces.length === 0) {
    host.stdout.write('no namespaces\n');
    return;
  }
  const rows = namespaces.flatMap(({ name, free, experiments }) => [
    ...experiments.map((one) => [name, one.name, one.segments]),
    [name, '(free)', free],
  ]);
  const head = ['namespace', 'experiment', 'segments'];
  const colour = createColour(host.stdout.colour);
  host.stdout.write(renderTable(rows, { head, align: ['left', 'left', 'right'], colour }));
}

/** Prints the history of a namespace. */
export function showOperations(host: Host, operations: readonly NamespaceOperationRecord[]): void {
  const rows = operations.map(
    ({ sequence, changedAt, author, operation, experiment, segments, reason }) => [
      sequence,
      formatTime(changedAt),
      author,
      operation,
      experiment ?? '',
      segments ?? '',
      reason ?? '',
    ],
  );
  const head = ['number', 'time (UTC)', 'author', 'operation', 'experiment', 'segments', 'reason'];
  const align = head.map((name) =>
    name === 'number' || name === 'segments' ? ('right' as const) : ('left' as const),
  );
  host.stdout.write(renderTable(rows, { head, align, colour: createColour(host.stdout.colour) }));
}
