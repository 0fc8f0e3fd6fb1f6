/**
 * Formats a suite's figures as a Markdown table. Each contestant has a row with the median and range of
 * each column, and, except for `plainColumns`, its ratios to the contestants that the suite compares
 * with. With `upright`, for many columns, the contestants are side by side.
 */
export function table({ ratiosTo, plainColumns = [], upright = false }, figures) {
  const columns = [...new Set(Object.values(figures).flatMap((row) => Object.keys(row)))];
  const bases = ratiosTo.filter((base) => figures[base] !== undefined);
  const basesOf = (column) => (plainColumns.includes(column) ? [] : bases);
  const ratioHeads = (column) => basesOf(column).map((base) => `: ${base}`);
  const head = ['', ...columns.flatMap((column) => [column, ...ratioHeads(column)])];
  const rows = Object.entries(figures).map(([name, row]) => [
    name,
    ...columns.flatMap((column) => [
      showFigure(row[column]),
      ...basesOf(column).map((base) => showRatio(row[column], figures[base][column])),
    ]),
  ]);
  return align(upright ? transpose([head, ...rows]) : [head, ...rows]);
}

function showFigure(figure) {
  if (figure === undefined) return '';
  const { median, min, max } = figure;
  const range = `${show(min)}–${show(max)}`;
  return show(min) === show(max) ? show(median) : `${show(median)} (${range})`;
}

function showRatio(figure, base) {
  return figure === undefined || base === undefined ? '' : show(figure.median / base.median);
}

function transpose([head, ...rows]) {
  return head.map((cell, i) => [cell, ...rows.map((cells) => cells[i])]);
}

/** Formats a number with three digits, because the machine's noise is larger than a fourth. */
export function show(number) {
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en-US');
  return String(Number(number.toPrecision(3)));
}

/** Renders a Markdown table with the first column aligned left and numbers aligned right. */
function align([head, ...rows]) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i].length)));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(width - 1, 1))}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
