import { EvenhandError, type PlanoutErrorCode } from './evenhand-error.ts';
import { escapeInvisible, quote, showPath } from './show-value.ts';

/** The place of a {@link PlanoutError}. Unknown parts are absent. */
export interface PlanoutPlace {
  /** The operator's name, such as `uniformChoice`. */
  readonly operator?: string | undefined;
  /** The operator's parameter (`choices`), if one is at fault. */
  readonly parameter?: string | undefined;
  /** JSON Pointer into the script, `''` for the whole: `/seq/0/value/choices`. */
  readonly path?: string | undefined;
  /** Line in the script's source, from 1; absent without source text. */
  readonly line?: number | undefined;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number | undefined;
}

/** The participant's draw in a namespace that an error made impossible. */
export interface FailedDraw {
  readonly namespace: string;
  /** The name of the experiment that has the segment; undefined if the segment is unknown. */
  readonly experiment: string | undefined;
  /** The remedies, for the message. */
  readonly advice: string;
}

/**
 * The error of PlanOut: an operator's invalid argument (`operator`), a script that can't be read or
 * run (`script`), segments or names that a namespace does not have (`namespace`).
 */
export class PlanoutError extends EvenhandError {
  declare readonly code: PlanoutErrorCode;
  /** The namespace of the specification; undefined if the error is not about a participant in one. */
  readonly namespace: string | undefined;
  /** The experiment in that namespace; undefined if the participant's segment is unknown. */
  readonly experiment: string | undefined;
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

  constructor(
    code: PlanoutErrorCode,
    reason: string,
    place: PlanoutPlace = {},
    draw?: FailedDraw,
    { cause }: { readonly cause?: unknown } = {},
  ) {
    const advice = draw === undefined ? '' : `\n  ${draw.advice}`;
    const message = `${describeDraw(draw)}${describePlace(place)}${reason}${advice}`;
    super(code, message, cause === undefined ? undefined : { cause });
    this.namespace = draw?.namespace;
    this.experiment = draw?.experiment;
    this.operator = place.operator;
    this.parameter = place.parameter;
    this.path = place.path;
    this.line = place.line;
    this.column = place.column;
    this.reason = reason;
  }
}

function describeDraw(draw: FailedDraw | undefined): string {
  if (draw === undefined) return '';
  const { namespace, experiment } = draw;
  const which = experiment === undefined ? '' : `, experiment ${quote(experiment)}`;
  return `namespace ${quote(namespace)}${which}: `;
}

function describePlace({ operator, path, line, column }: PlanoutPlace): string {
  let text = '';
  if (line !== undefined) text += `${line}:${column} `;
  if (path !== undefined) text += `${path === '' ? '(script)' : showPath(path)} `;
  if (operator !== undefined) text += `${escapeInvisible(operator)}: `;
  return text;
}
