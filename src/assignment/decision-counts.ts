/**
 * Counts of uncommon decisions, for metrics. They are counted where these decisions are made, so that
 * common decisions cost nothing. One object outlives the snapshots of a client.
 */
export interface DecisionCounts {
  /** The decisions that an override made. */
  overrides: number;
  /** The questions about experiments that are not in the specification. */
  unknownExperiments: number;
  unknownNamespaces: number;
  /** The questions about variants that the experiment does not declare. */
  unknownVariants: number;
}
