import { quote } from '../../errors/show-value.ts';
import { childrenOf, type CompareNode, type RuleNode } from '../../rules/syntax/nodes.ts';
import { segmentOf } from '../../rules/types/paths.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import type { AudienceSpec, ExperimentSpec } from '../../specification/types.ts';
import { meantAttribute } from './standard-names.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';
import { audienceRules, type ParsedRule, warningAbout } from './rule-nodes.ts';

/** The attributes that a visitor who is not logged in has too. */
const OF_VISITORS: ReadonlySet<string> = new Set(['id', 'is_authenticated', 'is_anonymous']);

/**
 * Finds rules that read an attribute of a user who may not be logged in, and so fail for visitors:
 * `user.plan == 'pro'` instead of `user.is_authenticated and user.plan == 'pro'`. Experiments for users
 * who are logged in are left out, and so is a context that declares `user`: its types are checked.
 */
export function userWarnings(entries: readonly Entry[], around: Circumstances): Warning[] {
  if (around.declared?.has('user') === true) return [];
  // The rule that uses a segment may check for a login first.
  const rules = audienceRules(
    entries.filter(({ spec }) => takesVisitors(spec)),
    around,
  );
  return rules.flatMap((rule): Warning[] => {
    const isUser = rule.earlier.some((node) => showsLogin(node, false));
    const read = isUser ? undefined : unguardedRead(rule.node);
    if (read === undefined) return [];
    const name = segmentOf(read)?.name ?? '';
    const reason =
      `a visitor who is not logged in has no ${quote(name)}, so this rule fails for visitors; write: ` +
      `${guarded(rule)}. If every user is logged in, declare "user" in "context"`;
    return [warningAbout(rule, read, 'user-unguarded', reason)];
  });
}

/** The longest rule, in characters, that a remedy repeats. */
const MAX_REPEATED = 80;

function guarded({ source, node }: ParsedRule): string {
  // Before an `or`, the guard would change who is in the audience.
  const isLooser = node.kind === 'or' || node.kind === 'conditional';
  const repeated = isLooser || source.length > MAX_REPEATED ? '…' : source.trim();
  return `user.is_authenticated and ${repeated}`;
}

/**
 * Returns false if the fallback audience splits its buckets by an attribute of the user. Such an
 * experiment fails for every visitor, whatever its rules, so it is meant for users who are logged in.
 */
function takesVisitors({ identity, audiences }: ExperimentSpec): boolean {
  const fallback = audiences.at(-1);
  const isOfUser = identityPaths(identity).every((path) => path.startsWith('user.'));
  return !(isOfUser && fallback !== undefined && splits(fallback));
}

function splits({ allocations }: AudienceSpec): boolean {
  return allocations.filter(({ percent }) => percent > 0).length > 1;
}

/** Returns the first part of a rule that reads an attribute of a user who may not be logged in. */
function unguardedRead(node: RuleNode): RuleNode | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const operand of node.operands) {
        const read = unguardedRead(operand);
        if (read !== undefined) return read;
        // The next operand is evaluated only if this one was true, or false for `or`.
        if (showsLogin(operand, node.kind === 'and')) return undefined;
      }
      return undefined;
    case 'conditional': {
      const read = unguardedRead(node.test);
      if (read !== undefined) return read;
      const consequent = showsLogin(node.test, true) ? undefined : unguardedRead(node.consequent);
      return (
        consequent ?? (showsLogin(node.test, false) ? undefined : unguardedRead(node.alternate))
      );
    }
    case 'comprehension': {
      for (const { iterable, conditions } of node.clauses) {
        for (const part of [iterable, ...conditions]) {
          const read = unguardedRead(part);
          if (read !== undefined) return read;
          if (part !== iterable && showsLogin(part, true)) return undefined;
        }
      }
      return firstRead(node.value === undefined ? [node.item] : [node.item, node.value]);
    }
    default: {
      const name = userAttribute(node);
      if (name !== undefined) return OF_VISITORS.has(name) ? undefined : node;
      return firstRead(childrenOf(node));
    }
  }
}

function firstRead(nodes: readonly RuleNode[]): RuleNode | undefined {
  for (const node of nodes) {
    const read = unguardedRead(node);
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Returns the name of the attribute if the node reads one from `user`. */
function userAttribute(node: RuleNode): string | undefined {
  const segment = segmentOf(node);
  const isOfUser = segment?.object.kind === 'name' && segment.object.name === 'user';
  // A misspelt flag gets a warning of its own.
  return isOfUser ? (meantAttribute(segment.name) ?? segment.name) : undefined;
}

/** Returns true if the user is certainly logged in when the condition is true, or false. */
function showsLogin(node: RuleNode, truth: boolean): boolean {
  switch (node.kind) {
    case 'not':
      return showsLogin(node.operand, !truth);
    case 'and':
    case 'or': {
      const shows = (operand: RuleNode) => showsLogin(operand, truth);
      // All operands of a true `and` are true, and all of a false `or` are false.
      return (node.kind === 'and') === truth
        ? node.operands.some(shows)
        : node.operands.every(shows);
    }
    case 'compare':
      return comparisonShowsLogin(node, truth);
    default: {
      const name = userAttribute(node);
      if (name === 'is_anonymous') return !truth;
      return name === 'is_authenticated' || name === 'id' ? truth : false;
    }
  }
}

/** The operators whose outcome is the opposite of another operator's. */
const OPPOSITE = new Map([
  ['!=', '=='],
  ['is not', 'is'],
  ['not in', 'in'],
]);

function comparisonShowsLogin({ first, rest }: CompareNode, truth: boolean): boolean {
  const [only] = rest;
  // The outcome of a longer chain is not that of each comparison.
  if (only === undefined || rest.length > 1) return false;
  const opposite = OPPOSITE.get(only.operator);
  const operator = opposite ?? only.operator;
  const holds = opposite === undefined ? truth : !truth;
  if (operator === 'in') {
    const isMember = first.kind === 'literal' && only.operand.kind === 'name';
    return (
      holds && isMember && only.operand.name === 'user' && !OF_VISITORS.has(String(first.value))
    );
  }
  const [path, constant] =
    only.operand.kind === 'literal' ? [first, only.operand] : [only.operand, first];
  if ((operator !== '==' && operator !== 'is') || constant.kind !== 'literal') return false;
  const name = userAttribute(path);
  if (name === 'id') return (constant.value === null) !== holds;
  // Only True and False have to be told apart: both flags are booleans.
  if (typeof constant.value !== 'boolean') return false;
  return name !== undefined && showsLogin(path, constant.value === holds);
}
