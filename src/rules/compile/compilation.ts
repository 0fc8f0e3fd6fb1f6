import type { RuleRange } from '../../errors/rule-error.ts';
import { internalized } from '../../runtime/internalized.ts';
import { spendSteps } from '../values/budget.ts';
import type { Evaluate } from './evaluate.ts';
import { RuleFault } from '../values/fault.ts';
import type { RuleNode } from '../syntax/nodes.ts';
import type { Scope } from './scope.ts';

/** How the closures of a rule are made: to decide with, or to find the place of a fault. */
export interface Compilation {
  /** Wraps the closure of an operation at a place of the rule. */
  readonly operation: (range: RuleRange, evaluate: Evaluate) => Evaluate;
  /** Whether the commonest parts become one closure each, which is one operation with one place. */
  readonly fuses: boolean;
  /** Gives the closure of a part that other rules may have too; makes it where none has. */
  readonly share: (range: RuleRange, make: () => Evaluate) => Evaluate;
  /** A text that values are compared with, in the form in which that is fastest. */
  readonly text: (text: string) => string;
  /** For what may be evaluated many times: the inside of comprehensions. */
  readonly repeated: Compilation;
}

/** Compiles a node to a closure; handed to those that compile what is inside of theirs. */
export type CompileNode = (node: RuleNode, scope: Scope, compilation: Compilation) => Evaluate;

/** Longer parts, in characters, are seldom the same as another rule's. */
const MAX_SHARED = 32;

/** What the rules of one specification have in common. */
export class SharedParts {
  /** The closures of parts without variables of their own, by the part's source. */
  readonly closures = new Map<string, Evaluate>();
  private readonly texts = new Map<string, string>();

  /** The text as the one string that is compared fastest. */
  internalized(text: string): string {
    let known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, (known = internalized(text)));
    return known;
  }
}

/** What each operation costs beside the data it goes through: some take a microsecond. */
const STEPS_PER_OPERATION = 5;

/**
 * To decide with. Operations that are evaluated once at most are not counted, as there are only so
 * many in a source; places are left out, so that the tree can go once the rule is compiled.
 *
 * @param source the rule's
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
    text: (text) => shared.internalized(text),
    repeated: COUNTING,
  };
}

const COUNTING: Compilation = {
  operation: (_range, evaluate) => (context, locals) => {
    spendSteps(STEPS_PER_OPERATION);
    return evaluate(context, locals);
  },
  // Each attribute of a path counts: it may be a getter's.
  fuses: false,
  share: (_range, make) => make(),
  text: (text) => text,
  get repeated() {
    return COUNTING;
  },
};

/** To find the place of a fault: each operation adds its own to those that have none yet. */
export const TO_LOCATE: Compilation = {
  operation: (range, evaluate) => (context, locals) => {
    try {
      spendSteps(STEPS_PER_OPERATION);
      return evaluate(context, locals);
    } catch (thrown) {
      if (thrown instanceof RuleFault) thrown.range ??= range;
      throw thrown;
    }
  },
  fuses: false,
  share: (_range, make) => make(),
  text: (text) => text,
  get repeated() {
    return TO_LOCATE;
  },
};
