import { parseAndCheck } from '../../rules/compile/compile.ts';
import type { RuleNode } from '../../rules/syntax/nodes.ts';
import { FALSE, outcomesOf, TRUE } from './rule-outcomes.ts';
import type { Entry, Warning } from './warning.ts';

/** Rules whose outcome is known before any participant comes, and the audiences they keep out. */
export function ruleWarnings(entries: readonly Entry[]): Warning[] {
  return entries.flatMap(({ spec, path }) => {
    const warnings: Warning[] = [];
    const earlier = new Map<string, number>();
    let taker: number | undefined;
    for (const [i, { rule }] of spec.audiences.entries()) {
      const place = `${path}/audiences/${i}`;
      if (taker !== undefined) {
        warnings.push(unreachable(place, `the rule of audience ${taker + 1} is always true`));
        continue;
      }
      if (rule === undefined) continue;
      const node = parseAndCheck(rule);
      const outcomes = outcomesOf(node, rule);
      const message = oddity(outcomes);
      if (message !== undefined) warnings.push({ ...message, path: `${place}/rule` });
      if (outcomes === TRUE) taker = i;
      const key = meaningOf(node);
      const first = earlier.get(key);
      if (first === undefined) earlier.set(key, i);
      else warnings.push(unreachable(place, `audience ${first + 1} has the same rule`));
    }
    return warnings;
  });
}

function unreachable(path: string, reason: string): Warning {
  return {
    code: 'audience-unreachable',
    path,
    message: `nobody gets to this audience: ${reason}, and comes first; mend or remove one of the two`,
  };
}

function oddity(outcomes: number): Pick<Warning, 'code' | 'message'> | undefined {
  if (outcomes === 0) {
    return {
      code: 'rule-fails',
      message:
        'this rule fails for everybody; it compares or computes with what does not go together',
    };
  }
  if ((outcomes & (TRUE | FALSE)) === 0) {
    return {
      code: 'rule-not-boolean',
      message:
        'this rule never gives True or False, so it fails for everybody; compare with something',
    };
  }
  if ((outcomes & TRUE) === 0) {
    return {
      code: 'rule-constant',
      message:
        'this rule is never true, so its audience gets nobody; remove the audience, or mend it',
    };
  }
  if (outcomes === TRUE) {
    return {
      code: 'rule-constant',
      message:
        'this rule is always true, so its audience gets everybody who is left; make it the last one, ' +
        'without a rule',
    };
  }
  return undefined;
}

/** The same for rules that differ in spaces, brackets and spelling only. */
function meaningOf(node: RuleNode): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'start' || key === 'end') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
