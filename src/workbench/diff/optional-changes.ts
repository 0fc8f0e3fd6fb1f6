import { listNames } from '../../errors/show-value.ts';
import {
  type CompiledRule,
  optionalIn,
  parseAndCheck,
  type RuleDeclarations,
} from '../../rules/compile/compile.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** An experiment of one file, and the compiled rules of its text. */
export interface WithRules {
  readonly spec: ExperimentSpec;
  readonly rules: ReadonlyMap<string, CompiledRule>;
}

/**
 * Lists the optional values of an experiment's unchanged rules and segments that a new declaration of
 * the context adds or removes. The rules then decide otherwise if the value is absent.
 */
export function optionalChanges(before: WithRules, after: WithRules): string[] {
  const [came, went] = [new Set<string>(), new Set<string>()];
  const kept = new Set(sourcesOf(before.spec));
  for (const source of sourcesOf(after.spec)) {
    if (!kept.has(source)) continue;
    const [old, now] = [before, after].map((one) => optionalPaths(source, declarationsOf(one)));
    for (const path of now ?? []) if (!old?.has(path)) came.add(path);
    for (const path of old ?? []) if (!now?.has(path)) went.add(path);
  }
  return [
    ...(came.size > 0 ? [`None if absent: ${listNames(came)}`] : []),
    ...(went.size > 0 ? [`an error if absent: ${listNames(went)}`] : []),
  ];
}

/** Returns the rules of an experiment and of the segments that they use. */
function sourcesOf({ audiences, segments = [] }: ExperimentSpec): string[] {
  return [...audiences, ...segments].flatMap(({ rule }) => rule ?? []);
}

/** Returns the declarations of an experiment's text. All its rules have the same. */
function declarationsOf({ rules }: WithRules): RuleDeclarations | undefined {
  const [rule] = rules.values();
  return rule?.declarations;
}

/** Returns the paths that read as None if they are absent, as they are written. */
function optionalPaths(
  source: string,
  declarations: RuleDeclarations | undefined,
): ReadonlySet<string> {
  if (declarations?.findOptional === undefined) return new Set();
  const optional = optionalIn(parseAndCheck(source, declarations), source, declarations);
  return new Set(Array.from(optional?.keys() ?? [], ({ start, end }) => source.slice(start, end)));
}
