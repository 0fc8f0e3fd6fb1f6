import { escapeInvisible, showName } from '../../errors/show-value.ts';
import type { Revision } from '../../specification/types.ts';
import type { Change } from '../change.ts';

/** The most lines about the changes of one delivery; the last line counts the others. */
const MAX_LINES = 20;

/**
 * Returns the log lines about changes, one for each, and at most 20 with a summary after them. After a
 * few words, a line has fields of the form `key=value` (logfmt), which log readers recognise:
 * `evenhand: switch changed name="chat" before="on" after="off" revision=8 author="ada"`.
 */
export function changeLines(changes: readonly Change[], revision: Revision | undefined): string[] {
  const lines = changes.slice(0, MAX_LINES).map((change) => changeLine(change, revision));
  const more = changes.slice(MAX_LINES);
  return more.length === 0 ? lines : [...lines, summaryLine(more, revision)];
}

function changeLine(change: Change, revision: Revision | undefined): string {
  const { kind, action, name, before, after, author, reason, changedAt } = change;
  const fields = { name, before, after, revision: shown(revision), author, reason, at: changedAt };
  return `evenhand: ${kind} ${action}${fieldsText(fields)}`;
}

function summaryLine(changes: readonly Change[], revision: Revision | undefined): string {
  const count = (wanted: Change['action']): number =>
    changes.filter(({ action }) => action === wanted).length;
  const fields = {
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    revision: shown(revision),
  };
  return `evenhand: ${changes.length} more changed${fieldsText(fields)}`;
}

function shown(revision: Revision | undefined): Revision | undefined {
  return typeof revision === 'string' ? showName(revision) : revision;
}

function fieldsText(fields: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(fields)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}=${fieldText(value)}`))
    .join('');
}

function fieldText(value: string | number): string {
  return typeof value === 'number' ? String(value) : escapeInvisible(JSON.stringify(value));
}
