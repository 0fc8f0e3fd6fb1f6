import { listNames } from '../../errors/show-value.ts';
import { type CompiledRule, optionalIn, parseAndCheck } from '../../rules/compile/compile.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

type Rules = ReadonlyMap<string, CompiledRule>;

/**
 * Lists the optional values of an experiment's unchanged rules that the new declaration of the context
 * adds or removes: their rules then decide otherwise if the value is absent.
 *
 * @param before the compiled rules of the old file
 * @param after the compiled rules of the new file
 */
export function optionalChanges(spec: ExperimentSpec, before: Rules, after: Rules): string[] {
  const [came, went] = [new Set<string>(), new Set<string>()];
  for (const { rule } of spec.audiences) {
    const [one, other] = rule === undefined ? [] : [before.get(rule), after.get(rule)];
    if (one === undefined || other === undefined) continue;
    const [old, now] = [optionalPaths(one), optionalPaths(other)];
    for (const path of now) if (!old.has(path)) came.add(path);
    for (const path of old) if (!now.has(path)) went.add(path);
  }
  return [
    ...(came.size > 0 ? [`None if absent: ${listNames(came)}`] : []),
    ...(went.size > 0 ? [`an error if absent: ${listNames(went)}`] : []),
  ];
}

/** Returns the paths that read as None if they are absent, as they are written. */
function optionalPaths({ source, declarations }: CompiledRule): ReadonlySet<string> {
  if (declarations?.findOptional === undefined) return new Set();
  const optional = optionalIn(parseAndCheck(source), source, declarations);
  return new Set(Array.from(optional?.keys() ?? [], ({ start, end }) => source.slice(start, end)));
}
