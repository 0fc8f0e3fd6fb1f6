import type { RuleErrorCode } from '../../errors/evenhand-error.ts';
import { RuleError, type RuleRange } from '../../errors/rule-error.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { convertCase } from '../letter-case.ts';
import type { RuleType } from './types.ts';
import { hintOfTyped } from './typed-text.ts';
import type { Verdict } from './verdict.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/** A problem of a rule in a declared context. */
export interface TypeFinding {
  /**
   * True if the rule is wrong in every context of the declared form. False if evaluation fails in
   * some contexts, or if part of the rule has no effect.
   */
  readonly certain: boolean;
  /**
   * The error with the code that evaluation would throw; `type` for a comparison with a fixed
   * outcome.
   */
  readonly error: RuleError;
}

/** Returns the candidate that a misspelt word probably stands for. */
export type Suggest = (word: string, candidates: Iterable<string>) => string | undefined;

/** The most hints given for one rule. Each one searches up to a thousand names. */
const MAX_HINTS = 10;

/** Details of a finding. */
export interface Details {
  /** @default 'type' */
  readonly code?: RuleErrorCode;
  /** Returns text to append to the reason of a certain failure. */
  readonly hint?: () => string;
  /** The key of the path at fault. Each path is reported once. */
  readonly path?: string | undefined;
}

/** Collects the findings of one rule. */
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

  /** Notes the failure of a verdict, if any, and returns the verdict's type. */
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

  /** Adds a finding. */
  note({ start, end }: RuleRange, code: RuleErrorCode, certain: boolean, reason: string): void {
    const error = new RuleError(code, reason, this.source, { start, end });
    this.findings.push({ certain, error });
  }

  /** Suggests the name that was meant, or lists the declared ones. */
  hintOfName(name: string, owner: RuleType): string {
    const names = owner.flatMap((one) => (one.kind === 'dict' ? [...one.properties.keys()] : []));
    if (names.length === 0 || --this.hintsLeft < 0) return '';
    const meant = this.suggest(name, names);
    return meant === undefined
      ? `; declared: ${listNames(names)}`
      : `; did you mean ${quote(meant)}?`;
  }

  /** Suggests the known value that a literal probably stands for. */
  hintOfValue(literal: RuleNode, known: RuleType): string {
    if (literal.kind !== 'literal' || typeof literal.value !== 'string') return '';
    if (--this.hintsLeft < 0) return '';
    const { value } = literal;
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
    const typed = hintOfTyped(value, alternatives);
    if (typed !== '') return typed;
    const texts = alternatives.flatMap((one) => {
      if (one.kind !== 'string') return [];
      const written = one.letters === undefined ? [] : [convertCase(value, one.letters)];
      return [...Array.from(one.values ?? [], String), ...written];
    });
    const meant = this.suggest(value, texts);
    return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  }
}
