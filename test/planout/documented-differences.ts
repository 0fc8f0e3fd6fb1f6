import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table of differences between PlanOut's reference and Evenhand in docs/planout.md. */
export interface DocumentedDifference {
  /** The script, with the characters that the table writes as `\r` and `\n`. */
  readonly script: string;
  /** The reference's result as the table shows it: JSON, `error`, `compiled` or a text. */
  readonly original: string;
  /** Evenhand's result, in the same form. */
  readonly ours: string;
}

const doc = readFileSync(join(__dirname, '../../docs/planout.md'), 'utf8');
const section = doc.split('\n### Differences\n')[1]?.split('\n## ')[0] ?? '';

/** The differences between scripts, in the order of the table. */
export const DOCUMENTED_SCRIPTS: readonly DocumentedDifference[] = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, script = '', original = '', ours = '']) => ({
    script: script.slice(1, -1).replaceAll('\\r', '\r').replaceAll('\\n', '\n'),
    original,
    ours,
  }));

/** The differences outside scripts: the items of the list, each on one line. */
export const DOCUMENTED_ITEMS: readonly string[] = section
  .split('\n- ')
  .slice(1)
  .map((item) => (item.split('\n\n')[0] ?? '').replaceAll(/\s+/g, ' '));

/**
 * Returns the row of the table with this script.
 *
 * @throws Error if the table has no such row
 */
export function documentedScript(script: string): DocumentedDifference {
  const row = DOCUMENTED_SCRIPTS.find((one) => one.script === script);
  if (row === undefined) throw new Error(`docs/planout.md has no row for the script ${script}`);
  return row;
}

/**
 * Returns the item of the list that starts with this text.
 *
 * @throws Error if the list has no such item
 */
export function documentedItem(start: string): string {
  const item = DOCUMENTED_ITEMS.find((one) => one.startsWith(start));
  if (item === undefined) throw new Error(`docs/planout.md has no difference "${start}"`);
  return item;
}
