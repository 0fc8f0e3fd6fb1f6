import { type Alternative, NEVER, ANY, isAny, type RuleType, union } from './types.ts';

/** What an operation on two alternatives gives, and whether it can fail. */
export interface Verdict {
  readonly type: RuleType;
  /** `never` for what depends on lengths and sizes too. */
  readonly fails: 'never' | 'sometimes' | 'always';
  /** Why it fails. */
  readonly reason?: string;
}

/** An operation that gives a value of this type. */
export function gives(type: RuleType): Verdict {
  return { type, fails: 'never' };
}

/** An operation that fails, whatever the values. */
export function failing(reason: string): Verdict {
  return { type: NEVER, fails: 'always', reason };
}

/** An operation that fails for some of the values. */
export function doubtful(type: RuleType, reason: string): Verdict {
  return { type, fails: 'sometimes', reason };
}

/** The verdict on an operand of a type, from those on its alternatives. */
export function ofEach(type: RuleType, judge: (one: Alternative) => Verdict): Verdict {
  // Something that may be absent is something else wherever an operator gets to see it.
  const present = type.filter((one) => !(one.kind === 'none' && one.absent));
  return combine((present.length === 0 ? type : present).map(judge));
}

/** The verdict on two operands, from those on each pair of their alternatives. */
export function ofPairs(
  left: RuleType,
  right: RuleType,
  judge: (left: Alternative, right: Alternative) => Verdict,
): Verdict {
  return ofEach(left, (one) => ofEach(right, (two) => judge(one, two)));
}

/** One verdict from several, each of which may be the one that counts. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  // Nothing to judge: what is never reached.
  if (verdicts.length === 0) return gives(NEVER);
  const type = union(verdicts.map((verdict) => verdict.type));
  const bad = verdicts.find(({ fails }) => fails !== 'never');
  if (bad === undefined) return gives(type);
  const reason = bad.reason ?? '';
  // What has failed is not blamed again where its value is used.
  if (verdicts.every(({ fails }) => fails === 'always')) {
    return { type: ANY, fails: 'always', reason };
  }
  return { type: isAny(type) ? ANY : type, fails: 'sometimes', reason };
}
