import { NOT_YET, RuleNesting } from './nesting.ts';
import type { ComprehensionClause, ComprehensionNode, RuleNode, Target } from './nodes.ts';
import { CONSTANTS } from './tokens.ts';

/**
 * The part of the grammar in brackets: groups and tuples, lists, sets, dicts, comprehensions,
 * indexes and slices, call arguments.
 */
export abstract class RuleBrackets extends RuleNesting {
  /** Parses `a if b else c`, or anything that binds tighter. */
  protected abstract expression(): RuleNode;

  /** Parses anything that binds tighter than `a if b else c`. */
  protected abstract disjunction(start?: number): RuleNode;

  /** Parses one expression, or several with commas between them, which make a tuple. */
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
    return this.made({ kind: 'tuple', items, start, end: NOT_YET });
  }

  private atListEnd(): boolean {
    const mark = this.peekMark();
    // Outside brackets a line break ends the list; inside, it has been skipped.
    const isEnd = this.index >= this.expr.length || this.atLineBreak;
    return mark === ')' || mark === ']' || mark === '}' || isEnd;
  }

  /** Parses parentheses: a grouped expression, a tuple or a generator. */
  protected group(start: number): RuleNode {
    const opened = this.open();
    if (this.peekMark() === ')') {
      this.close(')', opened);
      return this.made({ kind: 'tuple', items: [], start, end: NOT_YET });
    }
    const innerStart = this.here();
    const first = this.expression();
    if (this.peekWord() !== 'for') {
      const inner = this.listFrom(first, innerStart);
      this.close(')', opened);
      return inner;
    }
    const node = this.comprehension('generator', start, first);
    this.close(')', opened);
    return this.made(node);
  }

  protected list(start: number): RuleNode {
    const opened = this.open();
    const node = this.listItems(start);
    this.close(']', opened);
    return this.made(node);
  }

  private listItems(start: number): RuleNode {
    const items: RuleNode[] = [];
    while (this.peekMark() !== ']') {
      const item = this.expression();
      if (items.length === 0 && this.peekWord() === 'for') {
        return this.comprehension('list', start, item);
      }
      items.push(item);
      if (!this.takeMark(',')) break;
    }
    return { kind: 'list', items, start, end: NOT_YET };
  }

  /** Parses a set or a dict; `{}` is a dict. */
  protected braces(start: number): RuleNode {
    const opened = this.open();
    const node = this.bracesItems(start);
    this.close('}', opened);
    return this.made(node);
  }

  private bracesItems(start: number): RuleNode {
    if (this.peekMark() === '}') return { kind: 'dict', entries: [], start, end: NOT_YET };
    const first = this.expression();
    return this.takeMark(':') ? this.dict(start, first) : this.set(start, first);
  }

  private set(start: number, first: RuleNode): RuleNode {
    if (this.peekWord() === 'for') return this.comprehension('set', start, first);
    const items = [first];
    while (this.takeMark(',') && this.peekMark() !== '}') items.push(this.expression());
    return { kind: 'set', items, start, end: NOT_YET };
  }

  private dict(start: number, firstKey: RuleNode): RuleNode {
    const first = { key: firstKey, value: this.expression() };
    if (this.peekWord() === 'for') {
      return this.comprehension('dict', start, first.key, first.value);
    }
    const entries = [first];
    while (this.takeMark(',') && this.peekMark() !== '}') {
      const key = this.expression();
      if (!this.takeMark(':')) this.unexpected('expected ":" and a value');
      entries.push({ key, value: this.expression() });
    }
    return { kind: 'dict', entries, start, end: NOT_YET };
  }

  private comprehension(
    of: ComprehensionNode['of'],
    start: number,
    item: RuleNode,
    value?: RuleNode,
  ): ComprehensionNode {
    const clauses: ComprehensionClause[] = [];
    this.enter();
    while (this.takeWord('for')) clauses.push(this.clause());
    this.leave();
    return { kind: 'comprehension', of, item, value, clauses, start, end: NOT_YET };
  }

  /** Parses one clause of a comprehension, after its `for`. */
  private clause(): ComprehensionClause {
    const target = this.targets();
    if (!this.takeWord('in')) this.unexpected('expected "in"');
    const iterable = this.disjunction();
    const conditions: RuleNode[] = [];
    while (this.takeWord('if')) conditions.push(this.disjunction());
    return { target, iterable, conditions };
  }

  /** Parses the names that a `for` assigns, with commas between them and optional brackets. */
  private targets(inList = false): Target {
    const start = this.here();
    const first = this.target();
    // `[name]` unpacks the only item of each item; `(name)` is just the name.
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
    const mark = this.peekMark();
    if (mark === '(' || mark === '[') return this.targetsInBrackets(mark === '[');
    const word = this.peekWord();
    if (CONSTANTS.has(word)) this.fail(`"${word}" is a value and can't be a name`, word.length);
    const name = this.takeName('a name after "for"');
    return { kind: 'name', name, start, end: this.index };
  }

  private targetsInBrackets(inList: boolean): Target {
    this.enter();
    const opened = this.open();
    const targets = this.targets(inList);
    this.close(inList ? ']' : ')', opened);
    this.leave();
    return targets;
  }

  /** Parses `[index]` or `[lower:upper:step]` after an object. */
  protected subscript(object: RuleNode, start: number): RuleNode {
    const opened = this.open();
    const node = this.indexOrSlice(object, start);
    this.close(']', opened);
    return this.made(node);
  }

  private indexOrSlice(object: RuleNode, start: number): RuleNode {
    if (this.peekMark() === ']') this.unexpected('expected an index');
    if (this.takeMark(':')) return this.slice(object, start, undefined);
    const index = this.expressionList();
    return this.takeMark(':')
      ? this.slice(object, start, index)
      : { kind: 'index', object, index, start, end: NOT_YET };
  }

  /** Parses a slice after its first colon. */
  private slice(object: RuleNode, start: number, lower: RuleNode | undefined): RuleNode {
    const upper = this.slicePart();
    const step = this.takeMark(':') ? this.slicePart() : undefined;
    return { kind: 'slice', object, lower, upper, step, start, end: NOT_YET };
  }

  private slicePart(): RuleNode | undefined {
    const mark = this.peekMark();
    return mark === ':' || mark === ']' ? undefined : this.expression();
  }

  /** Parses the arguments of a call. The call is refused later; only its syntax is checked here. */
  protected callArguments(): void {
    const opened = this.open();
    while (this.peekMark() !== ')') {
      if (!this.takeMark('**')) this.takeMark('*');
      this.expression();
      if (this.takeMark('=')) this.expression();
      if (this.peekWord() === 'for') this.comprehension('generator', opened, NOTHING);
      if (!this.takeMark(',')) break;
    }
    this.close(')', opened);
  }
}

/** Stands for a generator passed to a call. Calls are refused, whatever their arguments. */
const NOTHING: RuleNode = { kind: 'literal', value: null, start: 0, end: 0 };
