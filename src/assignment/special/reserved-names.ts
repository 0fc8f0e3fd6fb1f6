import { parseAndCheck } from '../../rules/compile/compile.ts';
import { childrenOf, type RuleNode } from '../../rules/syntax/nodes.ts';
import { NOW } from '../../specification/reserved-names.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Question } from './features.ts';
import { instantOf } from './instant.ts';
import { ReservedContext, type ReservedValue } from './reserved-context.ts';

/** The reserved names with their values. To add one, add a line here. */
const RESERVED: ReadonlyMap<string, (question: Question) => unknown> = new Map([[NOW, instantOf]]);

/**
 * Returns a function that adds the values of reserved names to the context of a question; undefined if
 * no rule of the experiment reads such a name.
 */
export function compileReserved(
  spec: ExperimentSpec,
): ((question: Question) => object) | undefined {
  const read = [...RESERVED].filter(([name]) => readsName(spec, name));
  if (read.length === 0) return undefined;
  return (question) => {
    const values = read.map(([name, compute]): [string, ReservedValue] => [
      name,
      () => compute(question),
    ]);
    return new ReservedContext(question.context, new Map(values));
  };
}

/** Returns true if a rule of the experiment reads `now`. */
export function readsNow(spec: ExperimentSpec): boolean {
  return readsName(spec, NOW);
}

/**
 * Returns true if a rule of the experiment, or a segment that it uses, has this name. A variable of a
 * comprehension counts too, which does no harm.
 */
function readsName({ audiences, segments = [] }: ExperimentSpec, name: string): boolean {
  return [...audiences, ...segments].some(
    // Parsing takes far longer than looking for the letters, and few rules have them.
    ({ rule }) => rule?.includes(name) === true && hasName(parseAndCheck(rule), name),
  );
}

function hasName(node: RuleNode, name: string): boolean {
  if (node.kind === 'name' && node.name === name) return true;
  return childrenOf(node).some((child) => hasName(child, name));
}
