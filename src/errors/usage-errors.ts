import { EvenhandError } from './evenhand-error.ts';

/** An option or argument that can't be meant; for options, thrown when the middleware or client is made. */
export class OptionError extends EvenhandError {
  constructor(message: string) {
    super('option', message);
  }
}

/** A context provider or lazy context value that did not give what it must. */
export class ContextError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('context', message, options);
  }
}

/** A request that has not passed `app.use(evenhand())`. */
export class NotMountedError extends EvenhandError {
  constructor(message: string) {
    super('not-mounted', message);
  }
}
