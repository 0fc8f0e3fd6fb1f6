import { EvenhandError } from './evenhand-error.ts';

/**
 * The error for an invalid option or argument. Options are checked when the middleware or client is
 * created.
 */
export class OptionError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('option', message, options);
  }
}

/** The error for a context provider or lazy context value that returned something invalid. */
export class ContextError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('context', message, options);
  }
}

/** The error for a request that has not passed `app.use(evenhand())`. */
export class NotMountedError extends EvenhandError {
  constructor(message: string) {
    super('not-mounted', message);
  }
}
