import { didYouMean } from '../../errors/did-you-mean.ts';
import { quote } from '../../errors/show-value.ts';
import { segmentsIn } from '../../rules/compile/compiled-segment.ts';
import { parseAndCheck } from '../../rules/compile/compile.ts';
import { EXPERIMENTS } from '../../rules/compile/resolve-names.ts';
import { usesOf } from '../../rules/compile/uses-of.ts';
import { audienceRules, rulesOf } from './rule-nodes.ts';
import { FALSE, outcomesOf, TRUE } from './rule-outcomes.ts';
import { oddity } from './rule-warnings.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';

/** Finds segments that no audience uses, and segments whose value does not depend on the context. */
export function segmentWarnings(entries: readonly Entry[], around: Circumstances): Warning[] {
  const { segments = [], declarations } = around;
  if (segments.length === 0) return [];
  const used = new Set(
    entries.flatMap(({ spec }) => (spec.segments ?? []).map(({ name }) => name)),
  );
  const inRules = new Set(
    rulesOf(entries, around).flatMap(({ node }) => segmentsIn(node).map(({ name }) => name)),
  );
  return segments.flatMap(({ name, rule }, i): Warning[] => {
    const path = `/segments/${i}`;
    const node = parseAndCheck(rule, declarations);
    const message = constancy(outcomesOf(node, rule, declarations), node.kind === 'tuple');
    const nobody = inRules.has(name) ? 'only unused segments use' : 'no rule uses';
    return [
      ...(message === undefined ? [] : [{ ...message, path: `${path}/rule` }]),
      ...(used.has(name)
        ? []
        : [
            {
              code: 'segment-unused',
              path: `${path}/name`,
              message: `${nobody} the segment ${quote(name)}; remove it, unless you plan to use it soon`,
            } as const,
          ]),
    ];
  });
}

function constancy(
  outcomes: number,
  isTuple: boolean,
): Pick<Warning, 'code' | 'message'> | undefined {
  if (outcomes === TRUE || outcomes === FALSE) {
    const value = outcomes === TRUE ? 'true' : 'false';
    return {
      code: 'rule-constant',
      message: `this segment is always ${value}; fix its rule, or remove the segment`,
    };
  }
  return oddity(outcomes, isTuple);
}

/**
 * Finds rules that seem to ask for an experiment that is not declared. Without a declared context,
 * `experiments` may be a context value, so such a rule is not refused.
 */
export function experimentWarnings(entries: readonly Entry[], around: Circumstances): Warning[] {
  const { declared, declarations } = around;
  if (declared !== undefined || declarations?.experiments !== undefined) return [];
  const names = entries.map(({ spec }) => spec.name);
  return audienceRules(entries, around).flatMap(({ node, path }) => {
    const unknown = new Set(usesOf(EXPERIMENTS, node).filter((name) => name !== undefined));
    return Array.from(unknown, (name): Warning => {
      const meant = didYouMean(name, names);
      const hint = meant === undefined ? '.' : `; did you mean ${quote(meant)}?`;
      return {
        code: 'unknown-experiment',
        path,
        message: `there is no experiment ${quote(name)}, so experiments.${name} is a context value${hint} If your application provides "experiments", declare it in "context"`,
      };
    });
  });
}
