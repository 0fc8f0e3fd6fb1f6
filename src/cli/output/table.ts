import CliTable from 'cli-table3';
import { type Colour } from './colour.ts';
import { printable } from './printable.ts';

/** One cell. Colour goes into `paint`, so that the width is computed without escape codes. */
export type Cell =
  string | number | { readonly text: string; readonly paint: (text: string) => string };

/** The layout of a table. */
export interface TableOptions {
  /** The names of the columns. */
  readonly head: readonly string[];
  /** The alignment of each column. @default 'left' for all */
  readonly align?: readonly ('left' | 'right' | 'center')[];
  /** Colours for the names of the columns. */
  readonly colour: Colour;
}

/** No borders: two spaces between columns, which people and `awk` can both read. */
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

/** Renders a table as text that ends with a line break; makes control characters visible. */
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
