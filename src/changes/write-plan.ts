import { appendProperty, type JsonPath } from './edit-json.ts';

/** The planned size and end of an experiment, as the property `analysis` has them. */
export interface WrittenPlan {
  readonly plannedUnits: number;
  /** ISO 8601 in UTC; undefined leaves the end as it is. */
  readonly until: string | undefined;
  /** The metrics that decide, for an experiment without `analysis`. */
  readonly primary: readonly string[];
}

/**
 * Writes the planned size and end of an experiment into the text of a specification, and keeps everything
 * else as it was written. An experiment without `analysis` gets one as its last property.
 *
 * @param path of the experiment's object
 * @param hasAnalysis true if the experiment has the property `analysis`
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function writePlan(
  text: string,
  path: JsonPath,
  hasAnalysis: boolean,
  { plannedUnits, until, primary }: WrittenPlan,
): string {
  const end = until === undefined ? {} : { until };
  if (!hasAnalysis) {
    const metrics = primary.length === 0 ? {} : { primary };
    return appendProperty(text, path, 'analysis', { ...metrics, plannedUnits, ...end });
  }
  const place = [...path, 'analysis'];
  return Object.entries({ plannedUnits, ...end }).reduce(
    (edited, [property, value]) => appendProperty(edited, place, property, value),
    text,
  );
}
