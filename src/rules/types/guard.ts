import type { RuleNode } from '../syntax/nodes.ts';
import { pathKey } from './paths.ts';
import { type Alternative, NEVER, type RuleType } from './types.ts';
import type { Verdict } from './verdict.ts';

/** An operand and its type. */
interface Operand {
  readonly node: RuleNode;
  readonly type: RuleType;
}

/** Judges an operation by the types of its one or two operands. */
export type Judge = (types: readonly [RuleType, RuleType]) => Verdict;

/** The longest path that a suggestion repeats. */
const MAX_SHOWN = 60;

/**
 * Judges an operation. If it only fails because paths may be None, the reason suggests to check them:
 * `write user.age is not None and …`.
 *
 * @param source the rule
 */
export function guarded(operands: readonly Operand[], source: string, judge: Judge): Verdict {
  const [first = NEVER, second = NEVER] = operands.map(({ type }) => type);
  const verdict = judge([first, second]);
  if (verdict.fails !== 'sometimes') return verdict;
  const doubted = operands.filter(
    ({ node, type }) => pathKey(node) !== undefined && type.some(isNone) && !type.every(isNone),
  );
  const paths = doubted.map(({ node }) => source.slice(node.start, node.end));
  if (paths.length === 0 || paths.some((path) => path.length > MAX_SHOWN || /\s/.test(path))) {
    return verdict;
  }
  const [one = NEVER, other = NEVER] = operands.map((operand) =>
    doubted.includes(operand) ? operand.type.filter((kind) => !isNone(kind)) : operand.type,
  );
  if (judge([one, other]).fails !== 'never') return verdict;
  const checks = [...new Set(paths)].map((path) => `${path} is not None and `).join('');
  return { ...verdict, reason: `${verdict.reason ?? ''}; write ${checks}…` };
}

function isNone({ kind }: Alternative): boolean {
  return kind === 'none';
}
