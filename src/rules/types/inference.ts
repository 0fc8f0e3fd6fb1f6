import type { RuleErrorCode } from '../../errors/evenhand-error.ts';
import type { RuleRange } from '../../errors/rule-error.ts';
import { judgeBound, judgeItem, judgeIteration, judgeSlice } from './access.ts';
import { judgeComparison, type Side } from './compare.ts';
import { assuming } from './facts.ts';
import { canEqual } from './equality.ts';
import { guarded, type Judge } from './guard.ts';
import { Notes } from './notes.ts';
import { judgeBinary, judgeHash, judgeUnary } from './operators.ts';
import {
  judgeMember,
  judgeName,
  pathKey,
  segmentOf,
  type Surroundings,
  typeOfPath,
  withLocals,
} from './paths.ts';
import { bindTarget } from './targets.ts';
import { BOOLEAN, ofTruth, passedOn, type RuleType, STRING, typeOfScalar, union } from './types.ts';
import { ofEach, ofPairs } from './verdict.ts';
import { describeType } from './words.ts';
import type {
  CompareNode,
  ComprehensionNode,
  DictNode,
  NameNode,
  RuleNode,
} from '../syntax/nodes.ts';

/** Returns the code of the error that reading a missing name throws. */
function codeOf(node: RuleNode, owner: RuleType): RuleErrorCode {
  if (node.kind === 'attribute') return 'attribute';
  return owner.some(({ kind }) => kind === 'dict') ? 'key' : 'type';
}

/** Infers the types of one rule's nodes and notes what is wrong with them. */
export class Inference {
  private readonly source: string;
  private readonly notes: Notes;

  constructor(source: string, notes: Notes) {
    this.source = source;
    this.notes = notes;
  }

  /** Returns the type of a node and notes what is wrong with it. */
  infer(node: RuleNode, around: Surroundings): RuleType {
    const infer = (child: RuleNode) => this.infer(child, around);
    switch (node.kind) {
      case 'literal':
        return typeOfScalar(node.value);
      case 'name':
      case 'attribute':
        return passedOn(this.path(node, around));
      case 'index': {
        if (segmentOf(node) !== undefined) return passedOn(this.path(node, around));
        return this.operation(node, [node.object, node.index], around, ([object, index]) =>
          ofPairs(object, index, judgeItem),
        );
      }
      case 'slice': {
        const type = this.operation(node, [node.object], around, ([one]) =>
          ofEach(one, judgeSlice),
        );
        for (const bound of [node.lower, node.upper, node.step]) {
          if (bound !== undefined) this.notes.settle(bound, ofEach(infer(bound), judgeBound));
        }
        return type;
      }
      case 'not':
        infer(node.operand);
        return BOOLEAN;
      case 'unary':
        return this.operation(node, [node.operand], around, ([type]) =>
          ofEach(type, (one) => judgeUnary(node.operator, one)),
        );
      case 'binary':
        return this.operation(node, [node.left, node.right], around, ([left, right]) =>
          ofPairs(left, right, (a, b) => judgeBinary(node.operator, a, b)),
        );
      case 'compare':
        return this.comparison(node, around);
      case 'and':
      case 'or':
        return this.logical(node.operands, node.kind === 'or', around);
      case 'conditional':
        infer(node.test);
        return union([
          this.infer(node.consequent, this.assuming(node.test, true, around)),
          this.infer(node.alternate, this.assuming(node.test, false, around)),
        ]);
      case 'list':
        return [{ kind: 'list', items: union(node.items.map(infer)) }];
      case 'tuple': {
        const parts = node.items.map(infer);
        return [{ kind: 'tuple', items: union(parts), parts }];
      }
      case 'set':
        return [{ kind: 'set', items: union(node.items.map((item) => this.key(item, around))) }];
      case 'dict':
        return this.dict(node, around);
      case 'comprehension':
        return this.comprehension(node, around);
      case 'segment':
        return BOOLEAN;
      case 'prerequisite':
        return [{ kind: 'string', values: new Set(node.variants) }, { kind: 'none' }];
      case 'refused':
        return [];
    }
  }

  /** Infers an operation on one or two operands. */
  private operation(
    range: RuleRange,
    nodes: readonly RuleNode[],
    around: Surroundings,
    judge: Judge,
  ): RuleType {
    const operands = nodes.map((node) => ({ node, type: this.infer(node, around) }));
    return this.notes.settle(range, guarded(operands, this.source, judge));
  }

  /** Returns the type of a path, in which an absent optional object differs from None. */
  private path(node: RuleNode, around: Surroundings): RuleType {
    if (node.kind === 'name') return this.name(node, around);
    const segment = segmentOf(node);
    if (segment === undefined) return this.infer(node, around);
    return this.member(node, this.path(segment.object, around), around);
  }

  /** Returns the surroundings after a condition. */
  protected assuming(node: RuleNode, truth: boolean, around: Surroundings): Surroundings {
    return assuming(node, truth, around, (constant) => this.quietly(constant, around));
  }

  /** Returns the type of a node whose findings are noted elsewhere. */
  private quietly(node: RuleNode, around: Surroundings): RuleType {
    const silence = new Notes(this.source, () => undefined);
    return new Inference(this.source, silence).infer(node, around);
  }

  /** Returns the type of a name. */
  protected name(node: NameNode, around: Surroundings): RuleType {
    const verdict = judgeName(node.name, around);
    const hint = () => this.notes.hintOfName(node.name, [around.context]);
    return this.notes.settle(node, verdict, { code: 'name', hint, path: node.name });
  }

  /** Returns the type of an attribute, or of an item with a literal name. */
  protected member(node: RuleNode, owner: RuleType, around: Surroundings): RuleType {
    const { name = '', object = node } = segmentOf(node) ?? {};
    const text = this.source.slice(object.start, object.end);
    const verdict = guarded([{ node: object, type: owner }], this.source, ([type]) =>
      judgeMember(type, node, around, text),
    );
    return this.notes.settle(node, verdict, {
      code: codeOf(node, owner),
      hint: () => this.notes.hintOfName(name, owner),
      path: pathKey(node),
    });
  }

  private comparison(node: CompareNode, around: Surroundings): RuleType {
    let left = this.side(node.first, around);
    for (const { operator, operand } of node.rest) {
      const right = this.side(operand, around);
      const verdict = judgeComparison(operator, left, right);
      const settled = guarded([left, right], this.source, ([one, other]) =>
        judgeComparison(operator, { ...left, type: one }, { ...right, type: other }),
      );
      this.notes.settle(node, settled);
      if (verdict.fixed !== undefined) {
        const { certain, reason } = verdict.fixed;
        const hint =
          this.notes.hintOfValue(left.node, right.type) ||
          this.notes.hintOfValue(right.node, left.type);
        this.notes.note(node, 'type', certain, reason + hint);
      } else if (operator === 'in' || operator === 'not in') {
        this.uselessItems(left, operand, around);
      }
      left = right;
    }
    return BOOLEAN;
  }

  private side(node: RuleNode, around: Surroundings): Side {
    const type = this.infer(node, around);
    const isPath = around.facts.size > 0 && pathKey(node) !== undefined;
    return { node, type, bare: isPath ? typeOfPath(node, { ...around, facts: new Map() }) : type };
  }

  /** Notes items of a literal list that the left side never equals, if it can equal other items. */
  private uselessItems(left: Side, container: RuleNode, around: Surroundings): void {
    if (container.kind !== 'list' && container.kind !== 'tuple' && container.kind !== 'set') return;
    for (const item of container.items) {
      if (canEqual(left.bare, this.quietly(item, around))) continue;
      const reason = `the left side never has this value: it is ${describeType(left.bare)}`;
      this.notes.note(item, 'type', false, reason + this.notes.hintOfValue(item, left.bare));
    }
  }

  private logical(operands: readonly RuleNode[], decides: boolean, around: Surroundings): RuleType {
    const types: RuleType[] = [];
    let known = around;
    for (const [i, operand] of operands.entries()) {
      const type = this.infer(operand, known);
      const isLast = i === operands.length - 1;
      types.push(isLast ? type : ofTruth(type, decides));
      if (!isLast) known = this.assuming(operand, !decides, known);
    }
    return union(types);
  }

  private key(node: RuleNode, around: Surroundings): RuleType {
    const type = this.infer(node, around);
    this.notes.settle(node, ofEach(type, judgeHash));
    return type;
  }

  private dict({ entries }: DictNode, around: Surroundings): RuleType {
    const types = entries.map(({ key, value }) => ({
      node: key,
      key: this.key(key, around),
      value: this.infer(value, around),
    }));
    const named = types.flatMap(({ node, value }) =>
      node.kind === 'literal' && typeof node.value === 'string'
        ? [[node.value, { type: value, required: true }] as const]
        : [],
    );
    const keys = union(types.map(({ key }) => key));
    return named.length === types.length
      ? [{ kind: 'dict', keys, properties: new Map(named) }]
      : [
          {
            kind: 'dict',
            keys,
            properties: new Map(),
            others: union(types.map(({ value }) => value)),
          },
        ];
  }

  private comprehension(node: ComprehensionNode, around: Surroundings): RuleType {
    let inner = around;
    for (const { target, iterable, conditions } of node.clauses) {
      const items = this.operation(iterable, [iterable], inner, ([one]) =>
        ofEach(one, judgeIteration),
      );
      const { verdict, variables } = bindTarget(target, items);
      this.notes.settle(target, verdict);
      inner = withLocals(inner, variables);
      for (const condition of conditions) {
        this.infer(condition, inner);
        inner = this.assuming(condition, true, inner);
      }
    }
    switch (node.of) {
      case 'list':
      case 'generator':
        return [{ kind: 'list', items: this.infer(node.item, inner) }];
      case 'set':
        return [{ kind: 'set', items: this.key(node.item, inner) }];
      case 'dict': {
        const keys = this.key(node.item, inner);
        const others = node.value === undefined ? STRING : this.infer(node.value, inner);
        return [{ kind: 'dict', keys, properties: new Map(), others }];
      }
    }
  }
}
