import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { PlanoutError } from '../../errors/planout-error.ts';
import { type Problem, SpecError } from '../../errors/spec-error.ts';
import type { Output } from '../host/host.ts';
import { createColour } from './colour.ts';
import { excerpt } from './excerpt.ts';
import { printable, printableLines } from './printable.ts';
import { wrap } from './wrap.ts';

/** A message about a place in a file: a problem, or a warning with its code. */
export interface Notice extends Problem {
  /** Stable name of the kind of warning; absent for a problem. */
  readonly code?: string;
}

/** The text that each error is about, for excerpts; the errors themselves do not carry whole files. */
const texts = new WeakMap<EvenhandError, { readonly text: string; readonly origin: string }>();

/**
 * Calls `read`, and remembers the text for any error it throws, so that the error is printed with an
 * excerpt.
 *
 * @param origin the text's file as the user gave it, or another name for its source
 */
export function aboutText<T>(text: string, origin: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SpecError || error instanceof PlanoutError) {
      texts.set(error, { text, origin });
    }
    throw error;
  }
}

/** Prints an error: each of its problems, with an excerpt if the text is known. */
export function printEvenhandError(output: Output, error: EvenhandError): void {
  const about = texts.get(error);
  if (error instanceof SpecError) {
    printNotices(output, error.origin, error.problems, about?.text, 'error');
  } else if (error instanceof PlanoutError && about !== undefined) {
    printNotices(output, about.origin, [planoutProblem(error)], about.text, 'error');
  } else printError(output, error.message);
}

function planoutProblem({ line, column, path = '', reason, operator }: PlanoutError): Problem {
  const message = operator === undefined ? reason : `${operator}: ${reason}`;
  return line === undefined || column === undefined
    ? { path, message }
    : { path, line, column, message };
}

/** Prints notices about one file, each with an excerpt if the text is known. */
export function printNotices(
  output: Output,
  origin: string,
  notices: readonly Notice[],
  text: string | undefined,
  kind: 'error' | 'warning',
): void {
  const colour = createColour(output.colour);
  const label = kind === 'error' ? colour.red('error') : colour.yellow('warning');
  for (const { path, line, column, message, code } of notices) {
    const place = line === undefined ? origin : `${origin}:${line}:${column}`;
    const pointer = path === '' ? '' : ` ${colour.dim(printable(path))}`;
    const name = code === undefined ? '' : ` ${colour.dim(`[${code}]`)}`;
    output.write(`${colour.bold(printable(place))} ${label}${name}${pointer}\n`);
    if (line !== undefined && column !== undefined && text !== undefined) {
      output.write(`${indent(excerpt(text, { line, column }, colour))}\n`);
    }
    output.write(`${indent(wrap(printableLines(message), output, INDENT.length))}\n\n`);
  }
}

/** The word before an error. */
const LABEL = 'error';

/** Prints an error that is not about a place in a text. */
export function printError(output: Output, message: string): void {
  const [first = '', ...more] = wrap(printableLines(message), output, LABEL.length + 1).split('\n');
  output.write(`${[`${createColour(output.colour).red(LABEL)} ${first}`, ...more].join('\n')}\n`);
}

const INDENT = '  ';

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n');
}
