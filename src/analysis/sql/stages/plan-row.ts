import { planDigest } from '../../plan/plan-digest.ts';
import type { BuildContext } from './build-context.ts';
import { resultSelect, type ResultRows } from './result-rows.ts';

/** Returns the row `plan`, which ties the others to their plan: columns of metrics have numbers, not names. */
export function planRow(context: BuildContext): ResultRows {
  const { dialect, plan } = context;
  return {
    uses: [],
    select: resultSelect(
      context,
      {
        kind: "'plan'",
        name: dialect.text(planDigest(plan)),
        value: "''",
        variant: "''",
        mixed: '0',
        units: '0',
      },
      new Map(),
      '(SELECT 1 AS i) plans',
    ),
  };
}
