import { join } from 'node:path';
import { outcomeOf } from '../../rules/outcome.ts';
import { LinePeer } from '../environment/line-peer.ts';
import { type Case, pythonJson } from './cases.ts';

/** A rule's result, or the code of its error. */
export type Answer = boolean | string;

/** The original that judges a rule first. */
export type Judge = 'Cravensworth' | 'CPython';

/** CPython's answer to a rule with the named differences. */
interface Explanation {
  /** The result; or the codes of all the errors with which Evenhand may refuse the rule. */
  readonly results: readonly Answer[];
  /** The differences that the rule meets. */
  readonly names: readonly string[];
  /** True if Evenhand refuses the rule when it is loaded. */
  readonly atLoad: boolean;
}

/** The originals' answers to a rule. All but the judge's is only there if Evenhand differs. */
interface Originals {
  readonly cravensworth?: Answer;
  readonly cpython?: Answer;
  readonly explained?: Explanation;
  /** The reasons for which CPython judges the rule instead of Cravensworth. */
  readonly reasons?: readonly string[];
}

/** A case with all answers. */
export interface Judged extends Originals, Case {
  readonly ours: Answer;
}

/** The original that agrees with Evenhand, or the named differences that explain Evenhand's answer. */
export interface Verdict {
  readonly agrees: Judge | 'a named difference' | 'nobody';
  readonly names: readonly string[];
}

/** Asks Evenhand and the originals. */
export class Judges {
  private readonly peer = new LinePeer(join(__dirname, 'rules_peer.py'));

  /** Returns all answers to each case. */
  async ask(cases: readonly Case[], judge: Judge | 'both'): Promise<Judged[]> {
    const known = cases.map((one) => ({ ...one, ours: outcomeOf(one.rule, one.context) }));
    const question = known.map(({ rule, context, ours, json = pythonJson(context) }) => [
      rule,
      json,
      ours,
      judge,
    ]);
    const answers = (await this.peer.ask(question)) as readonly Originals[];
    return known.map((one, i) => ({ ...one, ...answers[i] }));
  }
}

/**
 * Compares Evenhand's answer with Cravensworth's. CPython judges if it is the judge anyway, or for the
 * reasons of `named-differences.ts`. Otherwise only a named difference explains another answer.
 */
export function verdictOf(judged: Judged): Verdict {
  const { ours, cravensworth, cpython, explained, reasons = [] } = judged;
  if (ours === cravensworth) return { agrees: 'Cravensworth', names: [] };
  const isJudge = cravensworth === undefined || reasons.length > 0;
  if (ours === cpython && isJudge) return { agrees: 'CPython', names: reasons };
  // Without a reason, the originals must agree about a rule that both evaluate.
  const isOpen = isJudge || cravensworth === cpython || explained?.atLoad === true;
  return isOpen && explained?.results.includes(ours) === true && explained.names.length > 0
    ? { agrees: 'a named difference', names: explained.names }
    : { agrees: 'nobody', names: [] };
}
