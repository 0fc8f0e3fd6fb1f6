import { AnalysisError } from '../../errors/analysis-error.ts';
import { showValue } from '../../errors/show-value.ts';
import type { EngineRow } from '../engine.ts';

/** The last moment that a `Date` can have, in milliseconds. */
const MAX_TIME = 8.64e15;

/** Reads the values of one row, whose types differ between databases. */
export class RowReader {
  /** The row for messages: `row 3`. */
  readonly place: string;
  private readonly values = new Map<string, unknown>();

  /** @param number the number of the row, from 1 */
  constructor(row: EngineRow, number: number) {
    this.place = `row ${number}`;
    if (typeof row !== 'object' || row === null) {
      throw new AnalysisError(`${this.place} is not an object with columns`);
    }
    for (const [name, value] of Object.entries(row)) this.values.set(name.toLowerCase(), value);
  }

  /** Returns a text; that of null is empty. */
  text(column: string): string {
    return textOf(this.read(column)) ?? '';
  }

  /** Returns a whole number that is not negative. */
  count(column: string): number {
    const count = this.optionalCount(column);
    if (count === undefined) throw this.invalid(column, 'a number');
    return count;
  }

  /** Returns a whole number that is not negative, or undefined for null. */
  optionalCount(column: string): number | undefined {
    const value = this.number(column);
    if (value === undefined) return undefined;
    if (!Number.isSafeInteger(value) || value < 0) throw this.invalid(column, 'a whole number');
    return value;
  }

  /** Returns a finite number, or undefined for null and NaN. */
  number(column: string): number | undefined {
    const value = this.read(column);
    if (value === null || value === undefined) return undefined;
    const text = textOf(value)?.trim() ?? '';
    if (text === '' || MISSING.has(text.toLowerCase())) return undefined;
    const number = Number(text);
    if (Number.isNaN(number)) throw this.invalid(column, 'a number');
    return Number.isFinite(number) ? number : undefined;
  }

  /** As {@link number}; the column may be absent. */
  optional(column: string): number | undefined {
    return this.values.has(column) ? this.number(column) : undefined;
  }

  /** Returns a time as ISO 8601, from the same or from milliseconds since 1970. */
  time(column: string): string {
    const value = this.read(column);
    const text = (value instanceof Date ? String(value.getTime()) : this.text(column)).trim();
    const ms = /^-?\d+(\.0*)?$/.test(text) ? Number(text) : Date.parse(text);
    if (!(Math.abs(ms) <= MAX_TIME)) throw this.invalid(column, 'a time');
    return new Date(ms).toISOString();
  }

  private read(column: string): unknown {
    if (!this.values.has(column)) {
      throw new AnalysisError(
        `${this.place} has no column ${column}; use all columns of the statement that --sql prints for this analysis`,
      );
    }
    return this.values.get(column);
  }

  private invalid(column: string, expected: string): AnalysisError {
    const value = textOf(this.values.get(column)) ?? null;
    return new AnalysisError(
      `${this.place}: the column ${column} is ${showValue(value)}, not ${expected}`,
    );
  }
}

/** The texts by which tools write that there is no number. */
const MISSING: ReadonlySet<string> = new Set(['nan', 'null', '\\n', 'none']);

/** Returns the text of a scalar, or of an object of a client's for numbers; undefined for null. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  try {
    // Clients have classes for decimals and large integers. A template would fail for a symbol.
    return (String as (of: unknown) => string)(value);
  } catch {
    return '?';
  }
}
