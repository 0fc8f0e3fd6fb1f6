import type { RuleRange } from '../../errors/rule-error.ts';
import { internalized } from '../../runtime/internalized.ts';
import { spendSteps } from '../values/budget.ts';
import type { Evaluate, Scope } from './evaluate.ts';
import { isFault } from '../values/fault.ts';
import type { RuleNode, Segment } from '../syntax/nodes.ts';

/** The way to build a rule's closures: for deciding, or for locating a fault. */
export interface Compilation {
  /** Wraps the closure of an operation. `range` is its place in the rule. */
  readonly operation: (range: RuleRange, evaluate: Evaluate) => Evaluate;
  /** True if common parts become one closure each. A fused part has a single place. */
  readonly fuses: boolean;
  /** Returns the closure of a part that other rules may share, and builds it if it is new. */
  readonly share: (range: RuleRange, make: () => Evaluate) => Evaluate;
  /** Returns the closure of a segment. */
  readonly segment: (segment: Segment) => Evaluate;
  /** Returns the fastest form of a text that values are compared with. */
  readonly text: (text: string) => string;
  /** The parts that read None if the value is absent; undefined if the rule has none. */
  readonly optional?: OptionalReads;
  /** The compilation for code that may run many times: the inside of comprehensions. */
  readonly repeated: Compilation;
}

/**
 * The parts of a rule that read values which the declared context marks as optional. `optional` parts
 * read None if the value is absent. `carried` parts read a required attribute of an optional object, and
 * None only if that object is absent.
 */
export type OptionalReads = ReadonlyMap<RuleNode, 'optional' | 'carried'>;

/** Finds the optional reads of a rule. The same source always has the same ones. */
export type FindOptional = (tree: RuleNode, source: string) => OptionalReads;

/** Compiles a node to a closure. Passed to functions that compile nodes with children. */
export type CompileNode = (node: RuleNode, scope: Scope, compilation: Compilation) => Evaluate;

/** The longest part, in characters, that is shared. Longer parts seldom occur in two rules. */
const MAX_SHARED = 32;

/** The closures and texts that the rules of one specification share. */
export class SharedParts {
  /** Closures of parts that use no variables of a comprehension, by the part's source. */
  readonly closures = new Map<string, Evaluate>();
  private readonly texts = new Map<string, string>();

  /** Returns the text as the string object that V8 compares fastest. */
  internalized(text: string): string {
    let known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, (known = internalized(text)));
    return known;
  }
}

/** The fixed cost of an operation, in steps. Some operations take a microsecond. */
const STEPS_PER_OPERATION = 10;

/**
 * Returns the compilation for deciding. It does not count operations that run at most once, because
 * the length of the source limits them. It keeps no places, so that the tree can be freed after
 * compilation.
 *
 * @param source the source of the rule
 */
export function toDecide(source: string, shared: SharedParts): Compilation {
  return {
    operation: (_range, evaluate) => evaluate,
    fuses: true,
    share({ start, end }, make) {
      if (end - start > MAX_SHARED) return make();
      const part = source.slice(start, end);
      let evaluate = shared.closures.get(part);
      if (evaluate === undefined) shared.closures.set(part, (evaluate = make()));
      return evaluate;
    },
    segment: decideSegment,
    text: (text) => shared.internalized(text),
    repeated: COUNTING,
  };
}

/** Returns the compilation for a rule with these optional reads, if it has any. */
export function withOptional(
  compilation: Compilation,
  optional: OptionalReads | undefined,
): Compilation {
  if (optional === undefined) return compilation;
  const { operation, fuses, share, segment, text, repeated } = compilation;
  return {
    operation,
    fuses,
    share,
    segment,
    text,
    optional,
    get repeated() {
      return repeated === compilation ? this : withOptional(repeated, optional);
    },
  };
}

function decideSegment(segment: Segment): Evaluate {
  return (context) => segment.decide(context);
}

/** The compilation for code that may run many times: each operation counts. */
export const COUNTING: Compilation = {
  operation: (_range, evaluate) => (context, locals) => {
    spendSteps(STEPS_PER_OPERATION);
    return evaluate(context, locals);
  },
  // Each attribute of a path counts as an operation, because it may be a getter.
  fuses: false,
  share: (_range, make) => make(),
  segment: (segment) => (context) => segment.count(context),
  text: (text) => text,
  get repeated() {
    return COUNTING;
  },
};

/** The compilation for locating a fault: each operation adds its place to faults that have none. */
export const TO_LOCATE: Compilation = {
  operation: (range, evaluate) => (context, locals) => {
    try {
      spendSteps(STEPS_PER_OPERATION);
      return evaluate(context, locals);
    } catch (thrown) {
      if (isFault(thrown)) thrown.range ??= range;
      throw thrown;
    }
  },
  fuses: false,
  share: (_range, make) => make(),
  segment: (segment) => (context) => segment.locate(context),
  text: (text) => text,
  get repeated() {
    return TO_LOCATE;
  },
};
