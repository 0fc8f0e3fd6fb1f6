import { AnalysisError } from '../../errors/analysis-error.ts';
import { ownError } from '../../errors/evenhand-error.ts';
import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';
import { lateError } from './bounded.ts';

/** The most characters of a database's message that are quoted. Some quote the whole statement. */
const MAX_QUOTED = 400;

/** A kind of failure: its signs, and what to do. */
interface Failure {
  /** Codes of Node, of PostgreSQL ("PostgreSQL Error Codes", appendix A of its manual), or of drivers. */
  readonly codes: readonly string[];
  /** Words in the messages of databases. */
  readonly words: RegExp;
  readonly remedy: string;
}

/** The first that fits counts. The words are those of DuckDB, PostgreSQL, ClickHouse, Spark and Trino. */
const FAILURES: readonly Failure[] = [
  {
    codes: ['54011', '54001', '54023'],
    words: /target lists can have at most|too many columns/i,
    remedy: 'analyse fewer metrics at once, and select only the columns that an analysis needs',
  },
  {
    codes: ['53200', '53100', '53400', '54000'],
    words: /out of memory|memory[_ ]limit|OutOfMemory|could not allocate|No space left|disk full/i,
    remedy: 'give it more memory and disk, analyse fewer metrics, or analyse a shorter period',
  },
  {
    codes: [
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOTFOUND',
      'EHOSTUNREACH',
      'ETIMEDOUT',
      'EPIPE',
      'EAI_AGAIN',
      '57P01',
      '57P02',
      '57P03',
      '08000',
      '08001',
      '08003',
      '08006',
      '28P01',
      '28000',
      '3D000',
    ],
    words: /ECONNREFUSED|ECONNRESET|ENOTFOUND|connection terminated|server closed the connection/i,
    remedy: 'check the address, the password and that the server is running',
  },
  {
    codes: [],
    words: /file system operations are disabled/,
    remedy: 'with "records", statements read these files only; for other files set "sources"',
  },
  {
    codes: ['42P01', '3F000', '42703'],
    words:
      /UNKNOWN_TABLE|UNKNOWN_IDENTIFIER|(TABLE_OR_VIEW|COLUMN|UNRESOLVED_COLUMN).*NOT_FOUND|UNRESOLVED_COLUMN|(table|column|view|relation)\b.{0,200}(does not exist|not found|cannot be found|cannot be resolved)|Referenced (table|column)/is,
    remedy: 'check the tables, and the columns of the SELECTs for exposures and outcomes',
  },
  {
    codes: ['42501', '25006'],
    words: /permission|ACCESS_DENIED|not authori[sz]ed|read-only/i,
    remedy: 'an analysis only reads; its SELECTs need nothing but the right to read their tables',
  },
  {
    codes: ['42601', '42883', '42804', '42P18', '42702', '42803'],
    words: /syntax|parse|binder error|type mismatch/i,
    remedy: 'correct the SELECTs for exposures and outcomes, and check the dialect',
  },
];

/** Codes and words of a statement that the database itself ended because of its time limit. */
const LATE_CODES: ReadonlySet<unknown> = new Set(['57014']);
const LATE_WORDS = /statement timeout|TIMEOUT_EXCEEDED|EXCEEDED_TIME_LIMIT|query timed out/i;

/** Facts about a statement, for its error. */
export interface StatementFacts {
  /** Its time limit, if it had one. */
  readonly timeoutMs?: number | undefined;
  /** Text that was sent before the statement, and that counts for the place of a mistake. */
  readonly textBefore?: string;
}

/**
 * Returns the error of a database as an AnalysisError that says what is wrong and what to do. Errors of
 * Evenhand are returned unchanged.
 *
 * @param who the database: `DuckDB`
 * @param statement the text that the database received, for the place of a mistake
 */
export function statementError(
  who: string,
  thrown: unknown,
  statement: string,
  { timeoutMs, textBefore = '' }: StatementFacts = {},
): Error {
  const own = ownError(thrown);
  if (own !== undefined) return own;
  const first = firstError(thrown);
  const message = thrownMessage(first);
  const code = thrownProperty(first, 'code');
  if (timeoutMs !== undefined && (LATE_CODES.has(code) || LATE_WORDS.test(message))) {
    return lateError(who, timeoutMs, thrown);
  }
  const failure =
    FAILURES.find(({ codes }) => typeof code === 'string' && codes.includes(code)) ??
    FAILURES.find(({ words }) => words.test(message));
  const place = placeIn(statement, Number(thrownProperty(first, 'position')) - textBefore.length);
  const remedy = failure === undefined ? '' : `; ${failure.remedy}`;
  return new AnalysisError(`${who}: ${quoted(message)}${place}${remedy}`, { cause: thrown });
}

/** Returns the first of several errors. Node may have tried several addresses, each with its own error. */
function firstError(thrown: unknown): unknown {
  const all = thrownProperty(thrown, 'errors');
  return Array.isArray(all) && all.length > 0 ? all[0] : thrown;
}

/** Returns the first paragraph of a message, in one line. The others are advice about settings. */
function quoted(message: string): string {
  const [paragraph = ''] = message.trim().split(/\n\s*\n(?!LINE )/);
  const line = paragraph.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line;
}

/** Returns the place of PostgreSQL's `position`, a number of characters from 1. */
function placeIn(statement: string, offset: number): string {
  if (!Number.isSafeInteger(offset) || offset < 1 || offset > statement.length) return '';
  const before = statement.slice(0, offset - 1).split('\n');
  const near = statement.slice(offset - 1, offset + 39).split('\n')[0] ?? '';
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}, at ${JSON.stringify(near)})`;
}
