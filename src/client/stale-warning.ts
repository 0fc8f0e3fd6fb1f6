import { quote } from '../errors/show-value.ts';
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
