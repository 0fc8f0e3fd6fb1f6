/** A column of a table: its heading, its kind, and a function that returns the cell of a row. */
export type Column<T> = readonly [
  heading: string,
  kind: 'text' | 'number',
  cell: (row: T) => string,
];

/** Matches everything between a mark and its end, at the start of lines. */
const MARKED = /^(<!-- measured: (\w+) -->\n)[^]*?^(<!-- end -->)$/gm;

/**
 * Returns a document with its tables, which stand between marks, generated again.
 *
 * @param tableOf returns the table of a mark; undefined if there is none
 * @throws RangeError for a mark without a table
 */
export function fillMarks(document: string, tableOf: (name: string) => string | undefined): string {
  return document.replace(MARKED, (_, start: string, name: string, end: string) => {
    const text = tableOf(name);
    if (text === undefined) throw new RangeError(`there is no table "${name}"`);
    return `${start}\n${text}\n\n${end}`;
  });
}

/** Returns a table, formatted like the formatter's output. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, , cell]) => cell(row))),
  ];
  const widths = columns.map((_, c) => Math.max(3, ...cells.map((row) => widthOf(row[c] ?? ''))));
  const lines = cells.map((row) =>
    row.map((cell, c) => {
      const space = ' '.repeat((widths[c] ?? 0) - widthOf(cell));
      return columns[c]?.[1] === 'number' ? space + cell : cell + space;
    }),
  );
  const rule = columns.map(([, kind], c) => {
    const width = widths[c] ?? 3;
    return kind === 'number' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  const [head = [], ...body] = lines;
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Returns the displayed width of a text: ideographs take two places. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /\p{Script=Han}|\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
  return width;
}
