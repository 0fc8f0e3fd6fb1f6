import { parseAndCheck } from '../../rules/compile/compile.ts';
import type { RuleNode } from '../../rules/syntax/nodes.ts';
import { FALSE, outcomesOf, TRUE } from './rule-outcomes.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';

/** Finds rules whose outcome does not depend on the context, and audiences that are never reached. */
export function ruleWarnings(
  entries: readonly Entry[],
  { declarations }: Circumstances,
): Warning[] {
  return entries.flatMap(({ spec, path }) => {
    const warnings: Warning[] = [];
    const earlier = new Map<string, number>();
    let taker: number | undefined;
    for (const [i, { rule }] of spec.audiences.entries()) {
      const place = `${path}/audiences/${i}`;
      if (taker !== undefined) {
        const reason = `audience ${taker + 1} comes first and its rule is always true`;
        warnings.push(unreachable(place, reason));
        continue;
      }
      if (rule === undefined) continue;
      const node = parseAndCheck(rule, declarations);
      const outcomes = outcomesOf(node, rule, declarations);
      const message = oddity(outcomes, node.kind === 'tuple');
      if (message !== undefined) warnings.push({ ...message, path: `${place}/rule` });
      if (outcomes === TRUE) taker = i;
      const key = meaningOf(node);
      const first = earlier.get(key);
      if (first === undefined) earlier.set(key, i);
      else {
        const reason = `audience ${first + 1} comes first and has the same rule`;
        warnings.push(unreachable(place, reason));
      }
    }
    return warnings;
  });
}

function unreachable(path: string, reason: string): Warning {
  return {
    code: 'audience-unreachable',
    path,
    message: `this audience is never reached: ${reason}; fix or remove one of the two`,
  };
}

/** Returns what is odd about a rule whose outcomes are the same for everyone, or that always fails. */
export function oddity(
  outcomes: number,
  isTuple: boolean,
): Pick<Warning, 'code' | 'message'> | undefined {
  if (outcomes === 0) {
    return {
      code: 'rule-fails',
      message:
        'this rule fails for everyone, because it compares or computes with incompatible types; fix it',
    };
  }
  if ((outcomes & (TRUE | FALSE)) === 0) {
    return {
      code: 'rule-not-boolean',
      message: `this rule never returns True or False, so it fails for everyone; ${isTuple ? 'put brackets around lists: x in [1, 2]' : 'add a comparison'}`,
    };
  }
  if ((outcomes & TRUE) === 0) {
    return {
      code: 'rule-constant',
      message:
        'this rule is never true, so its audience is always empty; fix the rule or remove the audience',
    };
  }
  if (outcomes === TRUE) {
    return {
      code: 'rule-constant',
      message:
        'this rule is always true, so its audience takes everyone who reaches it; remove the rule and ' +
        'make the audience the last one',
    };
  }
  return undefined;
}

/** Returns a key that is equal for rules that differ only in spaces, brackets and spelling. */
function meaningOf(node: RuleNode): string {
  return JSON.stringify(node, (key, value: unknown) => {
    // A segment is known by its name.
    if (key === 'start' || key === 'end' || key === 'segment') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
