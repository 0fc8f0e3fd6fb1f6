import { EvenhandError } from './evenhand-error.ts';
import { showPath } from './show-value.ts';

/** One thing wrong with a specification. */
export interface Problem {
  /** JSON Pointer to the place, `''` for the whole document: `/experiments/0/variants/1/name`. */
  readonly path: string;
  /** Line in the file, from 1; absent where there is no text (an object was given). */
  readonly line?: number;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number;
  /** The text it is in, where the specification consists of several: a file's path. */
  readonly origin?: string;
  /** What is wrong and what to do, as one sentence or more. */
  readonly message: string;
}

/**
 * A specification that can't be used, with every problem found. `code` is `json` where the text is
 * no JSON, else `spec`.
 */
export class SpecError extends EvenhandError {
  /** All problems, in the order of the document. */
  readonly problems: readonly Problem[];
  /** Where the specification came from: a file's path, or a source's name. */
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
