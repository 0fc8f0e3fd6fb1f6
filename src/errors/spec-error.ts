import { EvenhandError } from './evenhand-error.ts';
import { showPath } from './show-value.ts';

/** One problem of a specification. */
export interface Problem {
  /** JSON Pointer to the place, `''` for the whole document: `/experiments/0/variants/1/name`. */
  readonly path: string;
  /** Line in the file, from 1; absent if the specification is an object, not text. */
  readonly line?: number;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number;
  /** The path of the file with the problem, if the specification consists of several. */
  readonly origin?: string;
  /** The problem and its remedy, in one sentence or more. */
  readonly message: string;
}

/**
 * The error for an invalid specification, with every problem found. `code` is `json` if the text is
 * not JSON, otherwise `spec`.
 */
export class SpecError extends EvenhandError {
  /** All problems, in the order of the document. */
  readonly problems: readonly Problem[];
  /** The origin of the specification: a file's path, or a source's name. */
  readonly origin: string;

  constructor(code: 'json' | 'spec', origin: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      code,
      `${origin}: ${count}\n${problems.map((p) => describe(p.origin ?? origin, p)).join('\n')}`,
    );
    this.origin = origin;
    this.problems = problems;
  }
}

function describe(origin: string, { path, line, column, message }: Problem): string {
  const place = line === undefined ? '' : `${origin}:${line}:${column} `;
  const text = message.replaceAll('\n', '\n    ');
  const pointer = showPath(path);
  return `  ${place}${pointer === '' ? '(document)' : pointer}\n    ${text}`;
}
