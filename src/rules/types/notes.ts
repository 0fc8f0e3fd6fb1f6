import type { RuleErrorCode } from '../../errors/evenhand-error.ts';
import { RuleError, type RuleRange } from '../../errors/rule-error.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { RuleType } from './types.ts';
import type { Verdict } from './verdict.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/** Something wrong with a rule in a declared context. */
export interface TypeFinding {
  /**
   * Whether it is wrong in every context of the declared form. Else there are such contexts in which
   * evaluation fails, or a part of the rule can't do what it is there for.
   */
  readonly certain: boolean;
  /** With the code that evaluation would throw; `type` for a comparison with a fixed outcome. */
  readonly error: RuleError;
}

/** Gives the candidate that a misspelt word was probably meant to be. */
export type Suggest = (word: string, candidates: Iterable<string>) => string | undefined;

/** Hints given in one rule: each is looked for among up to a thousand names. */
const MAX_HINTS = 10;

/** More about what is noted. */
export interface Details {
  /** @default 'type' */
  readonly code?: RuleErrorCode;
  /** Put behind the reason of a failure that is certain. */
  readonly hint?: () => string;
  /** The key of the path that is blamed: one word about each is enough. */
  readonly path?: string | undefined;
}

/** Collects what is found in one rule. */
export class Notes {
  readonly findings: TypeFinding[] = [];
  private readonly source: string;
  private readonly suggest: Suggest;
  private readonly blamed = new Set<string>();
  private hintsLeft = MAX_HINTS;

  constructor(source: string, suggest: Suggest) {
    this.source = source;
    this.suggest = suggest;
  }

  /** Notes what a verdict blames; gives its type. */
  settle(range: RuleRange, { type, fails, reason = '' }: Verdict, details: Details = {}): RuleType {
    if (fails === 'never') return type;
    const { code = 'type', hint, path } = details;
    if (fails === 'always') {
      this.note(range, code, true, reason + (hint?.() ?? ''));
      return type;
    }
    if (path !== undefined && this.blamed.has(path)) return type;
    if (path !== undefined) this.blamed.add(path);
    this.note(range, code, false, `this may fail: ${reason}`);
    return type;
  }

  /** Notes one finding. */
  note({ start, end }: RuleRange, code: RuleErrorCode, certain: boolean, reason: string): void {
    const error = new RuleError(code, reason, this.source, { start, end });
    this.findings.push({ certain, error });
  }

  /** The attribute or name that was meant, or else those that there are. */
  hintOfName(name: string, owner: RuleType): string {
    const names = owner.flatMap((one) => (one.kind === 'dict' ? [...one.properties.keys()] : []));
    if (names.length === 0 || --this.hintsLeft < 0) return '';
    const meant = this.suggest(name, names);
    return meant === undefined ? `; declared: ${listNames(names)}` : `; did you mean ${quote(meant)}?`;
  }

  /** The known value that a literal was probably meant to be. */
  hintOfValue(literal: RuleNode, known: RuleType): string {
    if (literal.kind !== 'literal' || typeof literal.value !== 'string') return '';
    if (--this.hintsLeft < 0) return '';
    const alternatives = known.flatMap((one) => {
      switch (one.kind) {
        case 'dict':
          return one.keys;
        case 'list':
        case 'tuple':
        case 'set':
          return one.items;
        default:
          return one;
      }
    });
    const texts = alternatives.flatMap((one) =>
      one.kind === 'string' ? Array.from(one.values ?? [], String) : [],
    );
    const meant = this.suggest(literal.value, texts);
    return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  }
}
