import { judgeIteration } from './access.ts';
import { ANY, type Alternative, NEVER, type RuleType, union } from './types.ts';
import { combine, failing, gives, type Verdict } from './verdict.ts';
import type { Target } from '../syntax/nodes.ts';

/** The variables that a `for` assigns, and the verdict on the assignment. */
export interface Binding {
  readonly verdict: Verdict;
  readonly variables: ReadonlyMap<string, RuleType>;
}

/** Returns the variables of a target with their types when it is assigned items of this type. */
export function bindTarget(target: Target, item: RuleType): Binding {
  const variables = new Map<string, RuleType>();
  const verdict = bind(target, item, variables);
  return { verdict, variables };
}

function bind(target: Target, item: RuleType, variables: Map<string, RuleType>): Verdict {
  if (target.kind === 'name') {
    variables.set(target.name, item);
    return gives(NEVER);
  }
  const { targets } = target;
  const parts = item.map((one) => partsOf(one, targets.length));
  const inner = targets.map((one, i) =>
    bind(one, union(parts.map(({ types }) => types[i] ?? NEVER)), variables),
  );
  return worst([combine(parts.map(({ verdict }) => verdict)), ...inner]);
}

/** Returns the types of an item's parts. Their number is only known for tuples. */
function partsOf(
  one: Alternative,
  count: number,
): { verdict: Verdict; types: readonly RuleType[] } {
  if (one.kind === 'tuple' && one.parts !== undefined) {
    if (one.parts.length === count) return { verdict: gives(NEVER), types: one.parts };
    const reason = `"for" assigns ${count} names here, but a tuple has ${one.parts.length} items`;
    return { verdict: failing(reason), types: Array.from({ length: count }, () => ANY) };
  }
  const verdict = judgeIteration(one);
  const type = verdict.fails === 'always' ? ANY : verdict.type;
  return { verdict, types: Array.from({ length: count }, () => type) };
}

/** Returns the worst verdict, because every part has to succeed. */
function worst(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find(({ fails }) => fails === 'always') ??
    verdicts.find(({ fails }) => fails === 'sometimes') ??
    gives(NEVER)
  );
}
