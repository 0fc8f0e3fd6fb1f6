import { RuleError } from '../../errors/rule-error.ts';
import { member } from '../../json/own.ts';
import type { SharedParts } from '../../rules/compile/compilation.ts';
import { parseAndCheck, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { EXPERIMENTS, SEGMENTS } from '../../rules/compile/resolve-names.ts';
import { usesOf } from '../../rules/compile/uses-of.ts';
import type { Segment } from '../../rules/syntax/nodes.ts';
import type { ContextType } from '../../rules/types/types.ts';
import type { ContextChecks } from '../context/context-checks.ts';
import { listOf, type Note } from '../note.ts';
import { compileSegments } from './segment-checks.ts';

/** The variants of the shorthand of a switch. */
const SWITCH_VARIANTS = ['on', 'off'];

/** The text whose names rules can use. */
export interface DeclaringText {
  /** The parsed content of `experiments.config.json`. */
  readonly data: unknown;
  readonly entries: readonly unknown[];
  /** The checks against the declared context. */
  readonly context: ContextChecks;
}

/**
 * Returns the names that the rules of a text can use: its segments, compiled, and its experiments.
 * Reports the problems of segments.
 *
 * @returns the names, with the declarations of the context; undefined if `segments` and `experiments` are context values like any other
 */
export function declareNames(
  { data, entries, context }: DeclaringText,
  shared: SharedParts,
  note: Note,
): RuleDeclarations | undefined {
  const raw = Array.isArray(data) ? undefined : member(data, SEGMENTS);
  const base = context.declarations;
  const experiments = experimentsIn(entries, listOf(raw), context.type);
  if (!Array.isArray(raw)) return experiments && { ...base, experiments };
  if (context.type?.properties.has(SEGMENTS)) {
    note(
      '/context/properties/segments',
      () =>
        'the name "segments" is reserved, because this specification declares segments; give the context value another name',
    );
  }
  const segments = new Map<string, Segment>();
  const declarations: RuleDeclarations = { ...base, segments, ...(experiments && { experiments }) };
  compileSegments(raw, segments, declarations, shared, context.checkRule, note);
  return declarations;
}

/**
 * Returns the experiments that rules can ask for, with their variants. Returns undefined if
 * `experiments` is a context value: it is declared, or no rule names a declared experiment. A context
 * that is declared without it has no such value, so each name must then be an experiment's.
 */
function experimentsIn(
  entries: readonly unknown[],
  segments: readonly unknown[],
  context: ContextType | undefined,
): ReadonlyMap<string, readonly string[]> | undefined {
  if (context?.properties.has(EXPERIMENTS)) return undefined;
  const isClosed = context !== undefined && context.others === undefined;
  const declared = new Map(entries.flatMap(variantsOf));
  const isUse = (name: string | undefined): boolean =>
    isClosed || (name !== undefined && declared.has(name));
  const asks = (rule: unknown): boolean => experimentsOf(rule).some(isUse);
  // One rule that asks is enough, so that most rules need not be parsed twice.
  const isUsed =
    segments.some((segment) => asks(member(segment, 'rule'))) ||
    entries.some((entry) => placedRules(entry, '').some(({ rule }) => asks(rule)));
  return isUsed ? declared : undefined;
}

function experimentsOf(rule: unknown): readonly (string | undefined)[] {
  if (typeof rule !== 'string' || !rule.includes(EXPERIMENTS)) return [];
  try {
    return usesOf(EXPERIMENTS, parseAndCheck(rule));
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    // The rule's own check reports it.
    return [];
  }
}

function variantsOf(entry: unknown): [string, readonly string[]][] {
  if (typeof entry === 'string') return [[entry.split(':', 1)[0] ?? '', SWITCH_VARIANTS]];
  const name = member(entry, 'name');
  if (typeof name !== 'string') return [];
  const variants = listOf(member(entry, 'variants')).map((variant) => member(variant, 'name'));
  return [[name, variants.filter((variant) => typeof variant === 'string')]];
}

/** A rule and the JSON Pointer to it. */
export interface PlacedRule {
  readonly rule: string;
  readonly path: string;
}

/** Lists the rules of an experiment with their places, also those of audiences in a schedule. */
export function placedRules(entry: unknown, path: string): readonly PlacedRule[] {
  const steps = listOf(member(entry, 'schedule'));
  return [
    ...rulesOfAudiences(entry, path),
    ...steps.flatMap((step, i) => rulesOfAudiences(step, `${path}/schedule/${i}`)),
  ];
}

function rulesOfAudiences(owner: unknown, path: string): PlacedRule[] {
  return listOf(member(owner, 'audiences')).flatMap((audience, i) => {
    const rule = member(audience, 'rule');
    return typeof rule === 'string' ? [{ rule, path: `${path}/audiences/${i}/rule` }] : [];
  });
}
