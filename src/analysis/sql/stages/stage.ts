/** A step of the statement: a CTE with a name of a fixed list. */
export interface Stage {
  readonly name: string;
  readonly select: string;
  /** The names of the stages that it reads. */
  readonly uses: readonly string[];
  /** True if several stages read it. */
  readonly isShared?: boolean;
}

/** Returns the columns of a SELECT, one on each line. */
export function columnList(columns: readonly string[]): string {
  return columns.map((column) => `  ${column}`).join(',\n');
}
