import { RuleFault } from '../values/fault.ts';
import { MAX_HEIGHT, MAX_NESTING } from '../values/limits.ts';
import { childrenOf, type RuleNode } from './nodes.ts';
import { RuleTokens } from './tokens.ts';

/** The end of a node until it is made. */
export const NOT_YET = 0;

/** How deep the grammar is in a rule, and how high the tree has become: both are limited. */
export class RuleNesting extends RuleTokens {
  /** The rule itself is no level. */
  private nesting = -1;
  /** Of the nodes that have others inside. */
  private heights: Map<RuleNode, number> | undefined;

  /** Takes an opening bracket; gives its offset, for {@link close}. */
  protected open(): number {
    const opened = this.here();
    this.index++;
    this.brackets++;
    return opened;
  }

  protected close(bracket: ')' | ']' | '}', opened: number): void {
    if (this.peekMark() !== bracket) {
      if (this.index >= this.expr.length) {
        const reason = `this bracket is never closed: a "${bracket}" is missing`;
        throw new RuleFault('syntax', reason, { start: opened, end: opened + 1 });
      }
      this.unexpected(`expected "${bracket}" or an operator`);
    }
    this.index++;
    this.brackets--;
  }

  /** Guards the stack: brackets, signs and conditionals inside each other are limited. */
  protected enter(): void {
    if (++this.nesting > MAX_NESTING) this.limit(`the rule is nested more than ${MAX_NESTING} levels deep; simplify it`);
  }

  protected leave(): void {
    this.nesting--;
  }

  /**
   * Finishes a node: it ends here. Guards the stack of later walks: a long chain makes a high tree
   * without nesting.
   */
  protected made(node: RuleNode): RuleNode {
    // Not a copy: nodes are what parsing takes most of its time for.
    (node as { end: number }).end = this.tokenEnd;
    // Each level takes a character at least.
    if (this.expr.length <= MAX_HEIGHT) return node;
    const children = childrenOf(node);
    if (children.length === 0) return node;
    this.heights ??= new Map();
    let height = 1;
    for (const child of children) height = Math.max(height, this.heights.get(child) ?? 1);
    if (height > MAX_HEIGHT) this.limit(`the rule chains more than ${MAX_HEIGHT} operators; shorten it`);
    this.heights.set(node, height + 1);
    return node;
  }

  private limit(reason: string): never {
    throw new RuleFault('limit', reason, this.placeOf(1));
  }

  /** Offset of the next token. */
  protected here(): number {
    this.gobbleSpaces();
    return this.index;
  }
}
