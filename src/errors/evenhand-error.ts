/** The codes of a {@link RuleError}; the first eight are those Cravensworth's evaluator tells apart. */
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
  | 'zero-division';

/** The codes of a {@link PlanoutError}. */
export type PlanoutErrorCode = 'operator' | 'script' | 'namespace';

/** All codes an {@link EvenhandError} can carry. */
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
  | 'store';

/**
 * Base of all errors Evenhand throws on purpose. They are told apart by `code`, which never changes its
 * meaning: two copies of the package may be loaded at once (ESM and CommonJS), and `instanceof`
 * knows only its own copy. `docs/errors.md` explains each code.
 */
export class EvenhandError extends Error {
  /** Stable, machine-readable cause; never reused for another one. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
