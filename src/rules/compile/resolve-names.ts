import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { ComprehensionClause, ComprehensionNode, RuleNode, Segment } from '../syntax/nodes.ts';
import { RuleFault } from '../values/fault.ts';
import { MAX_SEGMENTS, MAX_SOURCE } from '../values/limits.ts';
import { targetNames } from './uses-of.ts';

/** The name of the segments in rules. */
export const SEGMENTS = 'segments';

/** The name of the other experiments in rules. */
export const EXPERIMENTS = 'experiments';

/** The names that rules use with a dot. */
export interface DeclaredNames {
  /**
   * The segments that rules use as `segments.NAME`; undefined if the text declares none, so that
   * `segments` is a context value.
   */
  readonly segments?: ReadonlyMap<string, Segment> | undefined;
  /**
   * The experiments that rules ask for as `experiments.NAME`, with their variants; undefined if no rule
   * names a declared experiment, so that `experiments` is a context value.
   */
  readonly experiments?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * Replaces `segments.NAME` and `experiments.NAME` by nodes of their own, unless a comprehension has a
 * variable of that name.
 *
 * @throws RuleFault `name` for an unknown name, `forbidden` for other uses of the two words; `limit` if the
 *   rule is too large with its segments
 */
export function resolveNames(
  node: RuleNode,
  source: string,
  declarations: DeclaredNames,
): RuleNode {
  return new Resolver(source.length, declarations).resolve(node, NO_LOCALS);
}

type Locals = ReadonlySet<string>;

const NO_LOCALS: Locals = new Set();

class Resolver {
  private size: number;
  private readonly declarations: DeclaredNames;

  constructor(size: number, declarations: DeclaredNames) {
    this.size = size;
    this.declarations = declarations;
  }

  resolve(node: RuleNode, locals: Locals): RuleNode {
    const resolve = (child: RuleNode): RuleNode => this.resolve(child, locals);
    const maybe = (child: RuleNode | undefined) => child && resolve(child);
    switch (node.kind) {
      case 'literal':
      case 'segment':
      case 'prerequisite':
      case 'refused':
        return node;
      case 'name':
        return this.name(node, locals);
      case 'attribute':
        return this.declared(node, locals) ?? { ...node, object: owner(resolve(node.object)) };
      case 'index':
        return { ...node, object: owner(resolve(node.object)), index: resolve(node.index) };
      case 'slice':
        return {
          ...node,
          object: resolve(node.object),
          lower: maybe(node.lower),
          upper: maybe(node.upper),
          step: maybe(node.step),
        };
      case 'not':
      case 'unary':
        return { ...node, operand: resolve(node.operand) };
      case 'binary':
        return { ...node, left: resolve(node.left), right: resolve(node.right) };
      case 'compare':
        return {
          ...node,
          first: resolve(node.first),
          rest: node.rest.map((one) => ({ ...one, operand: resolve(one.operand) })),
        };
      case 'and':
      case 'or':
        return { ...node, operands: node.operands.map(resolve) };
      case 'conditional':
        return {
          ...node,
          test: resolve(node.test),
          consequent: resolve(node.consequent),
          alternate: resolve(node.alternate),
        };
      case 'list':
      case 'tuple':
      case 'set':
        return { ...node, items: node.items.map(resolve) };
      case 'dict':
        return {
          ...node,
          entries: node.entries.map(({ key, value }) => ({
            key: resolve(key),
            value: resolve(value),
          })),
        };
      case 'comprehension':
        return this.comprehension(node, locals);
    }
  }

  private name(node: RuleNode & { readonly kind: 'name' }, locals: Locals): RuleNode {
    const { segments, experiments } = this.declarations;
    if (locals.has(node.name)) return node;
    if (node.name === SEGMENTS && segments !== undefined) {
      throw misused(node, SEGMENTS, 'a segment', segments.keys());
    }
    if (node.name === EXPERIMENTS && experiments !== undefined) {
      throw misused(node, EXPERIMENTS, "an experiment's variant", experiments.keys());
    }
    return node;
  }

  /** Returns the node of a declared name; undefined for any other attribute. */
  private declared(
    node: RuleNode & { readonly kind: 'attribute' },
    locals: Locals,
  ): RuleNode | undefined {
    const { object, name, start, end } = node;
    if (object.kind !== 'name' || locals.has(object.name)) return undefined;
    const { segments, experiments } = this.declarations;
    if (object.name === SEGMENTS && segments !== undefined) {
      const segment = segments.get(name);
      if (segment === undefined) throw unknown(node, 'segment', name, segments.keys());
      this.grow(node, segment);
      return { kind: 'segment', name, segment, start, end };
    }
    if (object.name === EXPERIMENTS && experiments !== undefined) {
      const variants = experiments.get(name);
      if (variants === undefined) throw unknown(node, 'experiment', name, experiments.keys());
      return { kind: 'prerequisite', name, variants, start, end };
    }
    return undefined;
  }

  /** Adds a use of a segment to the size of the rule. Evaluation is bounded by that size. */
  private grow(node: RuleNode, { name, size, depth }: Segment): void {
    this.size += size;
    if (this.size > MAX_SOURCE) {
      const reason = `with the rules of its segments, this rule has more than the ${MAX_SOURCE} characters allowed; use fewer segments, or shorter ones`;
      throw new RuleFault('limit', reason, node);
    }
    if (depth > MAX_SEGMENTS) {
      const reason = `the segment ${quote(name)} begins a chain of more than ${MAX_SEGMENTS} segments; combine some of their rules`;
      throw new RuleFault('limit', reason, node);
    }
  }

  private comprehension(node: ComprehensionNode, locals: Locals): RuleNode {
    let inner = locals;
    const clauses: ComprehensionClause[] = [];
    for (const { target, iterable, conditions } of node.clauses) {
      const around = inner;
      inner = new Set([...inner, ...targetNames(target)]);
      const within = inner;
      clauses.push({
        target,
        // The iterable can't use the variables that its own clause assigns.
        iterable: this.resolve(iterable, around),
        conditions: conditions.map((condition) => this.resolve(condition, within)),
      });
    }
    return {
      ...node,
      clauses,
      item: this.resolve(node.item, inner),
      value: node.value && this.resolve(node.value, inner),
    };
  }
}

/** Refuses to read attributes and items of segments. */
function owner(node: RuleNode): RuleNode {
  if (node.kind !== 'segment') return node;
  const reason = `${SEGMENTS}.${node.name} is True or False and has no attributes or items; use it alone`;
  throw new RuleFault('attribute', reason, node);
}

/** The beginning of the message about an unknown experiment. */
export const NO_EXPERIMENT = 'there is no experiment ';

function unknown(
  node: RuleNode,
  kind: 'segment' | 'experiment',
  name: string,
  declared: Iterable<string>,
): RuleFault {
  const names = [...declared];
  const meant = didYouMean(name, names);
  const hint =
    meant !== undefined
      ? `; did you mean ${quote(meant)}?`
      : names.length > 0
        ? `; declared: ${listNames(names)}`
        : '';
  return new RuleFault('name', `there is no ${kind} ${quote(name)}${hint}`, node);
}

function misused(
  node: RuleNode,
  word: string,
  what: string,
  declared: Iterable<string>,
): RuleFault {
  const [first = 'NAME'] = declared;
  const reason = `${quote(word)} can only be used with a dot and the name of ${what}, such as ${word}.${first}`;
  return new RuleFault('forbidden', reason, node);
}
