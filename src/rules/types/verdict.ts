import { type Alternative, NEVER, ANY, isAny, type RuleType, union } from './types.ts';

/** The result type of an operation, and whether the operation can fail. */
export interface Verdict {
  readonly type: RuleType;
  /** The frequency of failure. Failures that depend on lengths and sizes count as `never`. */
  readonly fails: 'never' | 'sometimes' | 'always';
  /** The reason for the failure. */
  readonly reason?: string;
}

/** Returns the verdict on an operation that results in a value of this type. */
export function gives(type: RuleType): Verdict {
  return { type, fails: 'never' };
}

/** Returns the verdict on an operation that fails for all values. */
export function failing(reason: string): Verdict {
  return { type: NEVER, fails: 'always', reason };
}

/** Returns the verdict on an operation that fails for some values. */
export function doubtful(type: RuleType, reason: string): Verdict {
  return { type, fails: 'sometimes', reason };
}

/** Combines the verdicts on each alternative of an operand. */
export function ofEach(type: RuleType, judge: (one: Alternative) => Verdict): Verdict {
  // An absent value is replaced before an operator sees it, so it is left out here.
  const present = type.filter((one) => !(one.kind === 'none' && one.absent));
  return combine((present.length === 0 ? type : present).map(judge));
}

/** Combines the verdicts on each pair of alternatives of two operands. */
export function ofPairs(
  left: RuleType,
  right: RuleType,
  judge: (left: Alternative, right: Alternative) => Verdict,
): Verdict {
  return ofEach(left, (one) => ofEach(right, (two) => judge(one, two)));
}

/** Combines verdicts, any one of which may apply. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  // An operand that is never reached.
  if (verdicts.length === 0) return gives(NEVER);
  const type = union(verdicts.map((verdict) => verdict.type));
  const bad = verdicts.find(({ fails }) => fails !== 'never');
  if (bad === undefined) return gives(type);
  const reason = bad.reason ?? '';
  // A failed operation has any type, so that its users are not blamed as well.
  if (verdicts.every(({ fails }) => fails === 'always')) {
    return { type: ANY, fails: 'always', reason };
  }
  return { type: isAny(type) ? ANY : type, fails: 'sometimes', reason };
}
