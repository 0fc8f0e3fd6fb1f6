import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';

/** Why a pair depends on each other, and what to do, as a sentence or two; for terminal and page. */
export function describeDependence({ a, b, reason, test }: PairSummary): string {
  switch (reason) {
    case 'same-seed-and-identity': {
      const counted = test === undefined ? ' Nothing could be counted here.' : '';
      return (
        `${a} and ${b} have the same seed and the same identity, so everybody has the same bucket ` +
        `in both: who gets what in one decides it in the other. Give one of them a seed of its own.${counted}`
      );
    }
    case 'same-seed':
      return (
        `${a} and ${b} have the same seed, and their identities have the same values in these ` +
        `contexts. Give one of them a seed of its own.`
      );
    default:
      return (
        `${a} and ${b} have different seeds, so this comes from the contexts: the same few identities ` +
        `again and again, or identities that are not alike. Simulate with other contexts, or with more.`
      );
  }
}
