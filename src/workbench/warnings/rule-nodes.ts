import { escapeInvisible } from '../../errors/show-value.ts';
import { RuleError } from '../../errors/rule-error.ts';
import { parseAndCheck } from '../../rules/compile/compile.ts';
import { childrenOf, type RuleNode } from '../../rules/syntax/nodes.ts';
import { namesOf } from '../../rules/types/paths.ts';
import type { Circumstances, Entry, Warning, WarningCode } from './warning.ts';

/** A rule of an audience or of a segment, parsed. */
export interface ParsedRule {
  /** JSON Pointer to the rule. */
  readonly path: string;
  readonly source: string;
  readonly node: RuleNode;
  /** The parsed rules of the earlier audiences of the experiment; empty for a segment. */
  readonly earlier: readonly RuleNode[];
}

/** Parses the rules of all segments and audiences. */
export function rulesOf(entries: readonly Entry[], around: Circumstances): ParsedRule[] {
  const { segments = [], declarations } = around;
  return [
    ...segments.map(({ rule }, i) => ({
      path: `/segments/${i}/rule`,
      source: rule,
      node: parseAndCheck(rule, declarations),
      earlier: [],
    })),
    ...audienceRules(entries, around),
  ];
}

/** Parses the rules of all audiences. */
export function audienceRules(
  entries: readonly Entry[],
  { declarations }: Circumstances,
): ParsedRule[] {
  return entries.flatMap(({ spec, path }) => {
    const earlier: RuleNode[] = [];
    return spec.audiences.flatMap(({ rule }, i): ParsedRule[] => {
      if (rule === undefined) return [];
      const node = parseAndCheck(rule, declarations);
      const parsed = {
        path: `${path}/audiences/${i}/rule`,
        source: rule,
        node,
        earlier: [...earlier],
      };
      earlier.push(node);
      return [parsed];
    });
  });
}

/** A node of a rule, and its surroundings. */
export interface Visited {
  readonly node: RuleNode;
  /** The node that contains it; undefined for the whole rule. */
  readonly parent: RuleNode | undefined;
  /** The variables of the comprehensions around it. */
  readonly locals: ReadonlySet<string>;
}

const NO_LOCALS: ReadonlySet<string> = new Set();

/** Lists a node and everything inside it, outer before inner. */
export function visitedIn(
  node: RuleNode,
  parent?: RuleNode,
  locals: ReadonlySet<string> = NO_LOCALS,
): Visited[] {
  const inner =
    node.kind === 'comprehension'
      ? new Set([...locals, ...node.clauses.flatMap(({ target }) => namesOf(target))])
      : locals;
  return [
    { node, parent, locals },
    ...childrenOf(node).flatMap((child) => visitedIn(child, node, inner)),
  ];
}

/** Returns a warning about a part of a rule, with the part marked in the message. */
export function warningAbout(
  { path, source }: ParsedRule,
  node: RuleNode,
  code: WarningCode,
  reason: string,
): Warning {
  const { start, end } = node;
  // The reason repeats parts of the rule.
  const error = new RuleError('type', escapeInvisible(reason), source, { start, end });
  return { code, path, message: error.message };
}
