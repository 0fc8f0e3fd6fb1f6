import { RuleFault } from './fault.ts';
import { MAX_HEIGHT, MAX_NESTING } from './limits.ts';
import {
  childrenOf,
  type ComprehensionClause,
  type ComprehensionNode,
  type Draft,
  type RuleNode,
  type Target,
} from './nodes.ts';
import { CONSTANTS, RuleTokens } from './tokens.ts';

/**
 * The part of the grammar that stands in brackets: groups and tuples, lists, sets, dicts,
 * comprehensions, indexes and slices, call arguments.
 */
export abstract class RuleBrackets extends RuleTokens {
  /** The rule itself is no level. */
  private nesting = -1;
  /** Of the nodes that have others inside. */
  private heights: Map<RuleNode, number> | undefined;

  /** `a if b else c`, or anything that binds tighter. */
  protected abstract expression(): RuleNode;

  /** Anything that binds tighter than `a if b else c`. */
  protected abstract disjunction(start?: number): RuleNode;

  /** One expression, or several with commas between them, which make a tuple. */
  protected expressionList(): RuleNode {
    const start = this.here();
    return this.listFrom(this.expression(), start);
  }

  private listFrom(first: RuleNode, start: number): RuleNode {
    if (this.peekMark() !== ',') return first;
    const items = [first];
    while (this.takeMark(',')) {
      if (this.atListEnd()) break;
      items.push(this.expression());
    }
    return this.made({ kind: 'tuple', items }, start);
  }

  private atListEnd(): boolean {
    const mark = this.peekMark();
    return mark === ')' || mark === ']' || mark === '}' || this.index >= this.expr.length;
  }

  /** Parentheses: a grouped expression, a tuple or a generator. */
  protected group(start: number): RuleNode {
    const inner = this.inBrackets<RuleNode | Draft>(')', () => {
      if (this.peekMark() === ')') return { kind: 'tuple', items: [] };
      const innerStart = this.here();
      const first = this.expression();
      return this.peekWord() === 'for'
        ? this.comprehension('generator', first)
        : this.listFrom(first, innerStart);
    });
    return 'start' in inner ? inner : this.made(inner, start);
  }

  protected list(start: number): RuleNode {
    const draft = this.inBrackets<Draft>(']', () => {
      const items: RuleNode[] = [];
      while (this.peekMark() !== ']') {
        const item = this.expression();
        if (items.length === 0 && this.peekWord() === 'for')
          return this.comprehension('list', item);
        items.push(item);
        if (!this.takeMark(',')) break;
      }
      return { kind: 'list', items };
    });
    return this.made(draft, start);
  }

  /** A set or a dict; `{}` is a dict. */
  protected braces(start: number): RuleNode {
    const draft = this.inBrackets<Draft>('}', () => {
      if (this.peekMark() === '}') return { kind: 'dict', entries: [] };
      const first = this.expression();
      return this.takeMark(':') ? this.dict(first) : this.set(first);
    });
    return this.made(draft, start);
  }

  private set(first: RuleNode): Draft {
    if (this.peekWord() === 'for') return this.comprehension('set', first);
    const items = [first];
    while (this.takeMark(',') && this.peekMark() !== '}') items.push(this.expression());
    return { kind: 'set', items };
  }

  private dict(firstKey: RuleNode): Draft {
    const first = { key: firstKey, value: this.expression() };
    if (this.peekWord() === 'for') return this.comprehension('dict', first.key, first.value);
    const entries = [first];
    while (this.takeMark(',') && this.peekMark() !== '}') {
      const key = this.expression();
      if (!this.takeMark(':')) this.unexpected('expected : and a value');
      entries.push({ key, value: this.expression() });
    }
    return { kind: 'dict', entries };
  }

  private comprehension(
    of: ComprehensionNode['of'],
    item: RuleNode,
    value?: RuleNode,
  ): Draft<ComprehensionNode> {
    const clauses = this.nested(() => {
      const read: ComprehensionClause[] = [];
      while (this.takeWord('for')) read.push(this.clause());
      return read;
    });
    return { kind: 'comprehension', of, item, value, clauses };
  }

  /** What stands behind a `for`, up to the next. */
  private clause(): ComprehensionClause {
    const target = this.targets();
    if (!this.takeWord('in')) this.unexpected('expected in');
    const iterable = this.disjunction();
    const conditions: RuleNode[] = [];
    while (this.takeWord('if')) conditions.push(this.disjunction());
    return { target, iterable, conditions };
  }

  /** What a `for` binds: names with commas between them, brackets as one likes. */
  private targets(inList = false): Target {
    const start = this.here();
    const first = this.target();
    // `[name]` takes the one item of each item; `(name)` is the name alone.
    if (this.peekMark() !== ',' && !inList) return first;
    const targets = [first];
    while (this.takeMark(',')) {
      if (this.atListEnd() || this.peekWord() === 'in') break;
      targets.push(this.target());
    }
    return { kind: 'targets', targets, start, end: this.tokenEnd };
  }

  private target(): Target {
    const start = this.here();
    if (this.peekMark() === '(') {
      return this.nested(() => this.inBrackets(')', () => this.targets()));
    }
    if (this.peekMark() === '[') {
      return this.nested(() => this.inBrackets(']', () => this.targets(true)));
    }
    const word = this.peekWord();
    if (CONSTANTS.has(word)) this.fail(`${word} is a value and can't be a name`, word.length);
    const name = this.takeName('a name after for');
    return { kind: 'name', name, start, end: this.index };
  }

  /** `[index]` or `[lower:upper:step]` behind an object. */
  protected subscript(object: RuleNode, start: number): RuleNode {
    const draft = this.inBrackets<Draft>(']', () => {
      if (this.peekMark() === ']') this.unexpected('expected an index');
      if (this.takeMark(':')) return this.slice(object, undefined);
      const index = this.expressionList();
      return this.takeMark(':') ? this.slice(object, index) : { kind: 'index', object, index };
    });
    return this.made(draft, start);
  }

  /** A slice behind its first colon. */
  private slice(object: RuleNode, lower: RuleNode | undefined): Draft {
    const upper = this.slicePart();
    const step = this.takeMark(':') ? this.slicePart() : undefined;
    return { kind: 'slice', object, lower, upper, step };
  }

  private slicePart(): RuleNode | undefined {
    const mark = this.peekMark();
    return mark === ':' || mark === ']' ? undefined : this.expression();
  }

  /** The arguments of a call, which is refused later: here only their syntax matters. */
  protected callArguments(): void {
    this.inBrackets(')', () => {
      while (this.peekMark() !== ')') {
        if (!this.takeMark('**')) this.takeMark('*');
        this.expression();
        if (this.takeMark('=')) this.expression();
        if (this.peekWord() === 'for') this.comprehension('generator', NOTHING);
        if (!this.takeMark(',')) break;
      }
    });
  }

  /** Takes a bracket, what `read` reads, and the closing bracket. */
  private inBrackets<T>(close: ')' | ']' | '}', read: () => T): T {
    const start = this.here();
    this.index++;
    this.brackets++;
    const result = read();
    if (this.peekMark() !== close) {
      if (this.index >= this.expr.length) {
        const reason = `this bracket is never closed: a ${close} is missing`;
        throw new RuleFault('syntax', reason, { start, end: start + 1 });
      }
      this.unexpected(`expected ${close} or an operator`);
    }
    this.index++;
    this.brackets--;
    return result;
  }

  /** Guards the stack: brackets, signs and conditionals inside each other are limited. */
  protected nested<T>(read: () => T): T {
    this.enter();
    const result = read();
    this.leave();
    return result;
  }

  protected enter(): void {
    if (++this.nesting > MAX_NESTING) this.limit(`a rule is nested at most ${MAX_NESTING} deep`);
  }

  protected leave(): void {
    this.nesting--;
  }

  /**
   * Finishes a node that started at `start` and ends here. Guards the stack of later walks: a long
   * chain makes a high tree without nesting.
   */
  protected made(draft: Draft, start: number): RuleNode {
    // Not a copy: nodes are what parsing takes most of its time for.
    const place = draft as { start?: number; end?: number };
    place.start = start;
    place.end = this.tokenEnd;
    const node = draft as RuleNode;
    // Each level takes a character at least.
    if (this.expr.length <= MAX_HEIGHT) return node;
    const children = childrenOf(node);
    if (children.length === 0) return node;
    this.heights ??= new Map();
    let height = 1;
    for (const child of children) height = Math.max(height, this.heights.get(child) ?? 1);
    if (height > MAX_HEIGHT) this.limit(`a rule chains at most ${MAX_HEIGHT} operators`);
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

/** Stands for the argument a generator in a call makes: calls are refused whatever is in them. */
const NOTHING: RuleNode = { kind: 'literal', value: null, start: 0, end: 0 };
