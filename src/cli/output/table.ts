import CliTable from 'cli-table3';
import { type Colour } from './colour.ts';
import { printable } from './printable.ts';

/** One cell; a number is shown as it is. Colour goes into `paint`, so that widths stay right. */
export type Cell =
  string | number | { readonly text: string; readonly paint: (text: string) => string };

/** How a table looks. */
export interface TableOptions {
  /** The names of the columns. */
  readonly head: readonly string[];
  /** How each column is aligned. @default 'left' for all */
  readonly align?: readonly ('left' | 'right' | 'center')[];
  /** For the names of the columns. */
  readonly colour: Colour;
}

/** No borders: two spaces between the columns, as good for people as for `awk`. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** A table as text, with a line break at its end; control characters in cells are made visible. */
export function renderTable(
  rows: readonly (readonly Cell[])[],
  { head, align = [], colour }: TableOptions,
): string {
  const table = new CliTable({
    chars: PLAIN,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    head: head.map((name) => colour.dim(name)),
    colAligns: head.map((_, i) => align[i] ?? 'left'),
  });
  for (const row of rows) table.push(row.map(toText));
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function toText(cell: Cell): string {
  if (typeof cell === 'object') return cell.paint(printable(cell.text));
  return printable(String(cell));
}
