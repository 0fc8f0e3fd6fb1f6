import { EvenhandError, type PlanoutErrorCode } from './evenhand-error.ts';
import { showPath, escapeInvisible } from './show-value.ts';

/** The place of a {@link PlanoutError}. Unknown parts are absent. */
export interface PlanoutPlace {
  /** The operator's name, such as `uniformChoice`. */
  readonly operator?: string;
  /** The operator's parameter (`choices`), if one is at fault. */
  readonly parameter?: string;
  /** JSON Pointer into the script, `''` for the whole: `/seq/0/value/choices`. */
  readonly path?: string;
  /** Line in the script's source, from 1; absent without source text. */
  readonly line?: number;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number;
}

/**
 * The error of PlanOut: an operator's invalid argument (`operator`), a script that can't be read or
 * run (`script`), segments or names that a namespace does not have (`namespace`).
 */
export class PlanoutError extends EvenhandError {
  declare readonly code: PlanoutErrorCode;
  /** The operator's name; undefined if no operator is involved. */
  readonly operator: string | undefined;
  /** The operator's parameter at fault; undefined if no parameter is. */
  readonly parameter: string | undefined;
  /** JSON Pointer into the script; undefined outside scripts and in source text. */
  readonly path: string | undefined;
  /** Line in the script's source, from 1; undefined without source text. */
  readonly line: number | undefined;
  /** Column in that line, from 1; undefined without source text. */
  readonly column: number | undefined;
  /** The problem, without the place. */
  readonly reason: string;

  constructor(code: PlanoutErrorCode, reason: string, place: PlanoutPlace = {}) {
    super(code, `${describePlace(place)}${reason}`);
    this.operator = place.operator;
    this.parameter = place.parameter;
    this.path = place.path;
    this.line = place.line;
    this.column = place.column;
    this.reason = reason;
  }
}

function describePlace({ operator, path, line, column }: PlanoutPlace): string {
  let text = '';
  if (line !== undefined) text += `${line}:${column} `;
  if (path !== undefined) text += `${path === '' ? '(script)' : showPath(path)} `;
  if (operator !== undefined) text += `${escapeInvisible(operator)}: `;
  return text;
}
