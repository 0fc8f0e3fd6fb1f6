import type { RuleRange } from '../../errors/rule-error.ts';
import type { BinaryOperator, CompareOperator, UnaryOperator } from '../values/operator-names.ts';

/** A node in the tree of a parsed rule. Every node knows its place in the source, for carets. */
export type RuleNode =
  | LiteralNode
  | NameNode
  | AttributeNode
  | IndexNode
  | SliceNode
  | NotNode
  | UnaryNode
  | BinaryNode
  | CompareNode
  | LogicalNode
  | ConditionalNode
  | CollectionNode
  | DictNode
  | ComprehensionNode
  | SegmentNode
  | PrerequisiteNode
  | RefusedNode;

/** A number, string, True, False or None. */
export interface LiteralNode extends RuleRange {
  readonly kind: 'literal';
  readonly value: number | bigint | string | boolean | null;
}

/** A context value, or a comprehension's variable. */
export interface NameNode extends RuleRange {
  readonly kind: 'name';
  readonly name: string;
}

/** `object.name` */
export interface AttributeNode extends RuleRange {
  readonly kind: 'attribute';
  readonly object: RuleNode;
  readonly name: string;
}

/** `object[index]` */
export interface IndexNode extends RuleRange {
  readonly kind: 'index';
  readonly object: RuleNode;
  readonly index: RuleNode;
}

/** `object[lower:upper:step]`, each part optional. */
export interface SliceNode extends RuleRange {
  readonly kind: 'slice';
  readonly object: RuleNode;
  readonly lower: RuleNode | undefined;
  readonly upper: RuleNode | undefined;
  readonly step: RuleNode | undefined;
}

/** `not operand` */
export interface NotNode extends RuleRange {
  readonly kind: 'not';
  readonly operand: RuleNode;
}

/** `-operand` */
export interface UnaryNode extends RuleRange {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: RuleNode;
}

/** `left + right` */
export interface BinaryNode extends RuleRange {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: RuleNode;
  readonly right: RuleNode;
}

/** One or more comparisons in a chain: `18 <= age < 65`. */
export interface CompareNode extends RuleRange {
  readonly kind: 'compare';
  readonly first: RuleNode;
  readonly rest: readonly {
    readonly operator: CompareOperator;
    readonly operand: RuleNode;
  }[];
}

/** Two or more operands joined by the same word. */
export interface LogicalNode extends RuleRange {
  readonly kind: 'and' | 'or';
  readonly operands: readonly RuleNode[];
}

/** `consequent if test else alternate` */
export interface ConditionalNode extends RuleRange {
  readonly kind: 'conditional';
  readonly test: RuleNode;
  readonly consequent: RuleNode;
  readonly alternate: RuleNode;
}

/** A list, tuple or set literal. */
export interface CollectionNode extends RuleRange {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly RuleNode[];
}

/** A dict literal. */
export interface DictNode extends RuleRange {
  readonly kind: 'dict';
  readonly entries: readonly { readonly key: RuleNode; readonly value: RuleNode }[];
}

/** The target of a `for`: a name, or a tuple of targets. */
export type Target = NameNode | TargetTuple;

/** `for (a, b) in …` */
export interface TargetTuple extends RuleRange {
  readonly kind: 'targets';
  readonly targets: readonly Target[];
}

/** `for target in iterable if condition if condition` */
export interface ComprehensionClause {
  readonly target: Target;
  readonly iterable: RuleNode;
  readonly conditions: readonly RuleNode[];
}

/** `[item for …]`, `{item for …}`, `{item: value for …}`, `(item for …)`. */
export interface ComprehensionNode extends RuleRange {
  readonly kind: 'comprehension';
  readonly of: 'list' | 'set' | 'dict' | 'generator';
  readonly item: RuleNode;
  /** The value expression of a dict comprehension. */
  readonly value: RuleNode | undefined;
  readonly clauses: readonly ComprehensionClause[];
}

/** A segment as the rules that use it see it. */
export interface Segment {
  readonly name: string;
  /** The source of its rule. */
  readonly source: string;
  /** The characters of its rule, plus those of the segments in it, once for each use. */
  readonly size: number;
  /** 1 if its rule uses no segment; otherwise one more than the deepest of them. */
  readonly depth: number;
  /** True if evaluating its rule can't reach any limit. */
  readonly needsNoBudget: boolean;
  /** Returns the segment's value in a context, as part of a rule. */
  decide(context: object): boolean;
  /** Does the same inside a comprehension, where operations count. */
  count(context: object): boolean;
  /** Does the same to locate a fault. */
  locate(context: object): boolean;
}

/** `segments.paying`, if the specification declares segments. */
export interface SegmentNode extends RuleRange {
  readonly kind: 'segment';
  readonly name: string;
  readonly segment: Segment;
}

/** `experiments.checkout`, if the specification declares that experiment. */
export interface PrerequisiteNode extends RuleRange {
  readonly kind: 'prerequisite';
  /** The other experiment's name. */
  readonly name: string;
  /** The variants that it declares. */
  readonly variants: readonly string[];
}

/**
 * Valid Python that rules can't use. It is parsed so that a syntax error elsewhere is reported as a
 * syntax error. The check of the rule refuses it.
 */
export interface RefusedNode extends RuleRange {
  readonly kind: 'refused';
  readonly code: 'call' | 'forbidden';
  readonly reason: string;
}

const NO_CHILDREN: readonly RuleNode[] = [];

/** Returns the direct children of a node, in the order of the source except for comprehensions. */
export function childrenOf(node: RuleNode): readonly RuleNode[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
    case 'segment':
    case 'prerequisite':
    case 'refused':
      return NO_CHILDREN;
    case 'attribute':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'slice':
      return [node.object, node.lower, node.upper, node.step].filter((part) => part !== undefined);
    case 'not':
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'compare':
      return node.rest.length === 1 && node.rest[0] !== undefined
        ? [node.first, node.rest[0].operand]
        : [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'and':
    case 'or':
      return node.operands;
    case 'conditional':
      return [node.test, node.consequent, node.alternate];
    case 'list':
    case 'tuple':
    case 'set':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'comprehension':
      return [
        ...node.clauses.flatMap(({ iterable, conditions }) => [iterable, ...conditions]),
        node.item,
        ...(node.value === undefined ? [] : [node.value]),
      ];
  }
}
