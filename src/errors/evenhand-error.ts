import { escapeInvisibleInLines } from './show-value.ts';

/** The codes of a {@link RuleError}. Cravensworth's evaluator distinguishes the first eight. */
export type RuleErrorCode =
  | 'syntax'
  | 'name'
  | 'attribute'
  | 'type'
  | 'not-boolean'
  | 'forbidden'
  | 'call'
  | 'index'
  | 'key'
  | 'limit'
  | 'zero-division'
  | 'prerequisite';

/** The codes of a {@link PlanoutError}. */
export type PlanoutErrorCode = 'operator' | 'script' | 'namespace';

/** All codes that an {@link EvenhandError} can have. */
export type ErrorCode =
  | RuleErrorCode
  | PlanoutErrorCode
  | 'json'
  | 'spec'
  | 'identity'
  | 'source'
  | 'option'
  | 'context'
  | 'not-mounted'
  | 'history'
  | 'conflict'
  | 'store'
  | 'analysis';

/**
 * The base class of every error that Evenhand throws on purpose. Recognise errors by `code`, which
 * never changes its meaning. `instanceof` only recognises its own copy of the package, and two
 * copies may be loaded (ESM and CommonJS). `docs/errors.md` explains each code.
 */
export class EvenhandError extends Error {
  /** The machine-readable cause. A code keeps its meaning and is never reused. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    // Messages hold names, paths and values from outside, and go to terminals and logs.
    super(escapeInvisibleInLines(message), options);
    this.name = new.target.name;
    this.code = code;
    made.add(this);
  }
}

/** The errors made by this copy of the package. A Proxy for one of them is not among them. */
const made = new WeakSet<object>();

/** The properties that Evenhand reads of its errors. */
const READ = ['message', 'name', 'code', 'cause', 'retryAfterMs', 'rule', 'range', 'experiment'];

/**
 * Returns a thrown value if it is one of Evenhand's errors and reading it can't fail; undefined for
 * anything else, which may be a Proxy or have getters that throw. Never throws.
 */
export function ownError(thrown: unknown): EvenhandError | undefined {
  if (typeof thrown !== 'object' || thrown === null || !made.has(thrown)) return undefined;
  const error = thrown as EvenhandError;
  const isPlain = READ.every((name) => {
    const property = Object.getOwnPropertyDescriptor(error, name);
    return property === undefined || 'value' in property;
  });
  return isPlain && typeof error.message === 'string' ? error : undefined;
}
