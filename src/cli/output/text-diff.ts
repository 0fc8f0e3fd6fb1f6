import type { Colour } from './colour.ts';
import { editsBetween } from '../../ui/history/edits.ts';
import { printable } from './printable.ts';

/** The number of unchanged lines that are shown around a change. */
const CONTEXT = 2;

/**
 * Compares two texts in the form of `diff -u`, as one block from the first to the last changed line.
 * Returns an empty text if they are equal.
 */
export function textDiff(name: string, before: string, after: string, colour: Colour): string {
  if (before === after) return '';
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  // The text after the last line break is not a line.
  if (old.at(-1) === '' && now.at(-1) === '') for (const lines of [old, now]) lines.pop();
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let same = 0;
  while (
    same < old.length - start &&
    same < now.length - start &&
    old.at(-1 - same) === now.at(-1 - same)
  ) {
    same++;
  }
  const from = Math.max(0, start - CONTEXT);
  const keep = Math.min(CONTEXT, same);
  const [oldEnd, nowEnd] = [old.length - same, now.length - same];
  const middle = editsBetween(old.slice(start, oldEnd), now.slice(start, nowEnd)).map(
    ({ sign, text }) => sign + text,
  );
  const lines = [
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...middle,
    ...old.slice(oldEnd, oldEnd + keep).map((line) => ` ${line}`),
  ];
  const count = (length: number) => `${from + 1},${length - same - from + keep}`;
  return [
    colour.bold(`--- ${printable(name)}`),
    colour.bold(`+++ ${printable(name)}`),
    colour.cyan(`@@ -${count(old.length)} +${count(now.length)} @@`),
    ...lines.map((line) => paint(printable(line), colour)),
    '',
  ].join('\n');
}

function paint(line: string, colour: Colour): string {
  if (line.startsWith('-')) return colour.red(line);
  return line.startsWith('+') ? colour.green(line) : line;
}
