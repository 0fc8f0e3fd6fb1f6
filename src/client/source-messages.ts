import type { EvenhandError } from '../errors/evenhand-error.ts';
import { quote } from '../errors/show-value.ts';
import { SourceError } from '../errors/store-errors.ts';
import type { StaleEvent } from './events.ts';

const MS_PER_SECOND = 1000;

/**
 * Returns the line for the log when a source has not confirmed its experiments for too long.
 *
 * @param source the source's name
 * @param inForce true if there are experiments, which stay in force
 */
export function staleWarning(
  source: string,
  { revision, ageMs }: StaleEvent,
  inForce: boolean,
): string {
  const silence =
    ageMs === undefined
      ? 'never responded'
      : `not responded for ${Math.round(ageMs / MS_PER_SECOND)} s`;
  const inUse = revision === undefined ? 'the current experiments' : `revision ${revision}`;
  const consequence = inForce ? `; still using ${inUse}` : '';
  return `evenhand: the source ${quote(source)} has ${silence}${consequence}`;
}

/** Returns the line for the log when requests run without experiments because a source is late. */
export function emptyWarning(source: string): string {
  return `evenhand: the source ${quote(source)} has not delivered yet; until it does, requests run without experiments (variants are undefined, nothing is on or off)`;
}

/** Returns the line for the log when a source has stopped watching for changes. */
export function unwatchedWarning({ message }: EvenhandError): string {
  return `evenhand: ${message}; it is polled until it watches again`;
}

/**
 * Returns the error for callers that need experiments before a source has delivered.
 *
 * @param rest the end of the sentence
 */
export function notDelivered(source: string, rest: string): SourceError {
  return new SourceError(`the source ${quote(source)} has not delivered ${rest}`);
}
