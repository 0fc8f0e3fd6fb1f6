import type { StoredSet } from '../../integrations/postgres/store/store.ts';
import type { HistoryEntry } from '../../integrations/postgres/store/stored.ts';
import { member } from '../../json/own.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { type Cell, renderTable } from '../output/table.ts';

/** Prints the current experiments as a table. */
export function showList(host: Host, { revision, experiments }: StoredSet): void {
  if (experiments.length > 0) {
    const rows = experiments.map(({ name, specification, version, author, reason, changedAt }) => [
      name,
      summaryOf(specification),
      version,
      formatTime(changedAt),
      author,
      reason ?? '',
    ]);
    print(host, ['name', 'state', 'version', 'since (UTC)', 'author', 'reason'], rows, 'version');
  }
  host.stdout.write(`revision ${revision}\n`);
}

/** Prints changes as a table, in the order given. */
export function showHistory(host: Host, entries: readonly HistoryEntry[]): void {
  if (entries.length === 0) {
    host.stdout.write('no changes\n');
    return;
  }
  const rows = entries.map(
    ({ revision, changedAt, author, name, kind, action, specification, version, reason }) => [
      revision,
      formatTime(changedAt),
      author,
      kind === 'context' ? '(context)' : name,
      version,
      action === 'remove' ? 'removed' : summaryOf(specification),
      reason ?? '',
    ],
  );
  const head = ['revision', 'time (UTC)', 'author', 'name', 'version', 'state', 'reason'];
  print(host, head, rows, 'revision', 'version');
}

function print(
  host: Host,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  ...numbers: readonly string[]
): void {
  const colour = createColour(host.stdout.colour);
  const align = head.map((name) => (numbers.includes(name) ? 'right' : 'left'));
  host.stdout.write(renderTable(rows, { head, align, colour }));
}

/** The most instants of a schedule that are listed. */
const MAX_INSTANTS = 3;

/** Summarizes an experiment in a few words: a switch's state, or the percents, and its schedule. */
function summaryOf(specification: unknown): string {
  if (typeof specification === 'string') return specification.split(':')[1] ?? '';
  const steps = listOf(specification, 'schedule');
  const text = summaryOfAudiences(specification);
  const instants = steps.slice(0, MAX_INSTANTS).map((step) => String(member(step, 'at')));
  if (steps.length > MAX_INSTANTS) instants.push('…');
  return steps.length === 0 ? text : `${text}; then by schedule at ${instants.join(', ')}`;
}

function summaryOfAudiences(specification: unknown): string {
  const audiences = listOf(specification, 'audiences');
  if (audiences.length === 1) {
    return listOf(audiences[0], 'allocations')
      .map((one) => `${String(member(one, 'variant'))} ${String(member(one, 'percent'))}`)
      .join(', ');
  }
  const variants = listOf(specification, 'variants').map((one) => String(member(one, 'name')));
  return `${variants.join(', ')}: ${audiences.length} audiences`;
}

/** Returns a list, empty if the value is anything else: rows can be written without Evenhand. */
function listOf(value: unknown, key: string): readonly unknown[] {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
}

/** Formats a time to the second; `--json` prints milliseconds too. */
export function formatTime(time: Date): string {
  return time.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' ');
}
