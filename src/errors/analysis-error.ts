import { EvenhandError } from './evenhand-error.ts';

/**
 * The error for an analysis that can't be planned or run: an unknown experiment or metric, records that
 * can't be read, a database that refuses a statement.
 */
export class AnalysisError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('analysis', message, options);
  }
}
