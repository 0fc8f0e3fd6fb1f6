import { AnalysisError } from '../../errors/analysis-error.ts';
import type { EngineRow } from '../engine.ts';

/**
 * Reads rows from the text of a file: a JSON object on each line, a JSON list of objects, or CSV with the
 * names of the columns in its first line.
 *
 * @throws AnalysisError with the number of the line
 */
export function parseRowFile(text: string): readonly EngineRow[] {
  const content = text.replace(/^\uFEFF/, '');
  const start = content.trimStart()[0];
  if (start === undefined) throw new AnalysisError('the file is empty; it needs rows');
  if (start === '[') return parseList(content);
  return start === '{' ? parseLines(content) : parseCsv(content);
}

function parseList(text: string): readonly EngineRow[] {
  const value = parseJson(text, 'the file');
  if (!Array.isArray(value)) throw new AnalysisError('the file is not a list of rows');
  return value.map((row, i) => asRow(row, `row ${i + 1}`));
}

function parseLines(text: string): readonly EngineRow[] {
  const rows: EngineRow[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const place = `line ${i + 1}`;
    if (line.trim() !== '') rows.push(asRow(parseJson(line, place), place));
  }
  return rows;
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AnalysisError(`${place} is not JSON; write one row as one JSON object`, {
      cause: error,
    });
  }
}

function asRow(value: unknown, place: string): EngineRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AnalysisError(`${place} is not a JSON object with columns`);
  }
  return Object.fromEntries(Object.entries(value));
}

function parseCsv(text: string): readonly EngineRow[] {
  const header = new Set(text.slice(0, Math.max(0, text.indexOf('\n'))));
  const separator = !header.has(',') && header.has('\t') ? '\t' : ',';
  const [names = [], ...lines] = splitCsv(text, separator);
  return lines
    .filter((cells) => cells.length > 1 || cells[0] !== '')
    .map((cells, i) => {
      if (cells.length !== names.length) {
        throw new AnalysisError(
          `row ${i + 1} has ${cells.length} values for ${names.length} columns; quote values with commas`,
        );
      }
      return Object.fromEntries(names.map((name, j) => [name.trim(), cells[j]]));
    });
}

/** Splits CSV into lines of cells. Quotes are doubled inside quotes, as RFC 4180 has it. */
function splitCsv(text: string, separator: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') cell += text.charAt(++i);
      else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === separator) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') {
      lines.push([...cells, cell.replace(/\r$/, '')]);
      [cells, cell] = [[], ''];
    } else cell += char;
  }
  if (isQuoted)
    throw new AnalysisError('the last quoted value of the CSV has no end; add the quote');
  if (cells.length > 0 || cell !== '') lines.push([...cells, cell.replace(/\r$/, '')]);
  return lines;
}
