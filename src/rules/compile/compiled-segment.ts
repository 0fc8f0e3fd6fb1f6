import type { RuleNode, Segment } from '../syntax/nodes.ts';
import { childrenOf } from '../syntax/nodes.ts';
import { describe } from '../values/collections.ts';
import { isFault, RuleFault, wholeOf } from '../values/fault.ts';
import {
  type Compilation,
  COUNTING,
  type SharedParts,
  TO_LOCATE,
  toDecide,
  withOptional,
} from './compilation.ts';
import { compileNode } from './compile-node.ts';
import {
  needsNoBudget,
  NO_LOCALS,
  optionalIn,
  parseAndCheck,
  type RuleDeclarations,
} from './compile.ts';
import { type Evaluate, Scope } from './evaluate.ts';

/** The rule of a segment, compiled once for all rules that use it. They call its closure in place. */
export class CompiledSegment implements Segment {
  readonly name: string;
  readonly source: string;
  readonly size: number;
  readonly depth: number;
  readonly needsNoBudget: boolean;
  private readonly declarations: RuleDeclarations;
  private readonly toDecide: Evaluate;
  // Compiled when first needed: most segments are used in no comprehension, and never fail.
  private toCount: Evaluate | undefined;
  private toLocate: Evaluate | undefined;

  /**
   * @param shared closures that the rules of the same text share
   * @param declarations the declarations of the text, with the segments that this one uses
   * @throws RuleError as `compileRule()`, and `name` for an unknown segment
   */
  constructor(name: string, source: string, shared: SharedParts, declarations: RuleDeclarations) {
    const node = parseAndCheck(source, declarations);
    const used = segmentsIn(node);
    this.name = name;
    this.source = source;
    this.declarations = declarations;
    this.size = used.reduce((sum, { size }) => sum + size, source.length);
    this.depth = 1 + Math.max(0, ...used.map(({ depth }) => depth));
    this.needsNoBudget = needsNoBudget(node);
    this.toDecide = this.compile(node, toDecide(source, shared));
    this.toCount = undefined;
    this.toLocate = undefined;
  }

  decide(context: object): boolean {
    return this.valueOf(this.toDecide, context);
  }

  count(context: object): boolean {
    this.toCount ??= this.compile(parseAndCheck(this.source, this.declarations), COUNTING);
    return this.valueOf(this.toCount, context);
  }

  locate(context: object): boolean {
    this.toLocate ??= this.compile(parseAndCheck(this.source, this.declarations), TO_LOCATE);
    return this.valueOf(this.toLocate, context);
  }

  /** Compiles the rule with variables of its own. */
  private compile(node: RuleNode, compilation: Compilation): Evaluate {
    const scope = Scope.root();
    const optional = optionalIn(node, this.source, this.declarations);
    const evaluate = compileNode(node, scope, withOptional(compilation, optional));
    const { size } = scope;
    return size === 0 ? evaluate : (context) => evaluate(context, Array.from({ length: size }));
  }

  private valueOf(evaluate: Evaluate, context: object): boolean {
    try {
      return booleanOf(evaluate(context, NO_LOCALS));
    } catch (thrown) {
      throw faultOf(this, thrown);
    }
  }
}

/** Returns the value of a segment's rule. */
export function booleanOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const reason = `its rule evaluates to ${describe(value)}, not to True or False; add a comparison`;
  throw new RuleFault('not-boolean', reason);
}

/** Notes in a fault that it is one of the segment's rule. */
export function faultOf({ name, source }: Segment, thrown: unknown): unknown {
  if (isFault(thrown) && thrown.segment === undefined) {
    thrown.segment = { name, source };
    thrown.range ??= wholeOf(source);
  }
  return thrown;
}

/** Lists the segments that a rule uses itself, once for each use. */
export function segmentsIn(node: RuleNode): readonly Segment[] {
  if (node.kind === 'segment') return [node.segment];
  return childrenOf(node).flatMap(segmentsIn);
}

/** Lists the experiments that a rule asks for itself, once for each use. */
export function prerequisitesIn(node: RuleNode): readonly string[] {
  if (node.kind === 'prerequisite') return [node.name];
  return childrenOf(node).flatMap(prerequisitesIn);
}
