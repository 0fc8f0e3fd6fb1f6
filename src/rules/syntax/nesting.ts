import { RuleFault } from '../values/fault.ts';
import { MAX_HEIGHT, MAX_NESTING } from '../values/limits.ts';
import { childrenOf, type RuleNode } from './nodes.ts';
import { RuleTokens } from './tokens.ts';

/** The end of a node that is not complete yet. */
export const NOT_YET = 0;

/** Limits the nesting of a rule and the height of its tree. */
export class RuleNesting extends RuleTokens {
  /** The current depth. It starts at -1 because the rule itself is not a level. */
  private nesting = -1;
  /** Heights of the nodes that have children. */
  private heights: Map<RuleNode, number> | undefined;

  /** Reads an opening bracket and returns its offset, for {@link close}. */
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

  /** Enters one more level of brackets, signs or conditionals. The limit protects the stack. */
  protected enter(): void {
    if (++this.nesting > MAX_NESTING)
      this.limit(`the rule is nested more than ${MAX_NESTING} levels deep; simplify it`);
  }

  protected leave(): void {
    this.nesting--;
  }

  /**
   * Completes a node at the current place. Limits the height of the tree, because later walks use
   * the stack and a long chain makes a high tree without nesting.
   */
  protected made(node: RuleNode): RuleNode {
    // The node is changed, not copied: nodes take most of the time of parsing.
    (node as { end: number }).end = this.tokenEnd;
    // Each level takes at least one character, so short rules can't be too high.
    if (this.expr.length <= MAX_HEIGHT) return node;
    const children = childrenOf(node);
    if (children.length === 0) return node;
    this.heights ??= new Map();
    let height = 1;
    for (const child of children) height = Math.max(height, this.heights.get(child) ?? 1);
    if (height > MAX_HEIGHT)
      this.limit(`the rule chains more than ${MAX_HEIGHT} operators; shorten it`);
    this.heights.set(node, height + 1);
    return node;
  }

  private limit(reason: string): never {
    throw new RuleFault('limit', reason, this.placeOf(1));
  }

  /** Returns the offset of the next token. */
  protected here(): number {
    this.gobbleSpaces();
    return this.index;
  }
}
