import type { CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { readForced, settableParameters } from '../../assignment/namespaces/namespace-overrides.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { percentDecoded } from './read-cookies.ts';

/** The most overrides that are reported; a cookie can hold a thousand. */
const MAX_REPORTED = 100;

/**
 * Warns of overrides that force nothing, once for each: a test with a misspelt name would pass with the
 * variant that everyone gets.
 *
 * @param cookie the name of the override cookie
 * @param reported the overrides that were reported before
 */
export function warnOfOverrides(
  cookie: string,
  overrides: ReadonlyMap<string, string>,
  snapshot: Snapshot,
  reported: Set<string>,
  once: OnceLogger,
): void {
  for (const [experiment, variant] of overrides) {
    const override = `${experiment}:${variant}`;
    if (reported.size >= MAX_REPORTED) return;
    if (reported.has(override)) continue;
    const problem = overrideProblem(experiment, variant, snapshot);
    if (problem === undefined) continue;
    reported.add(override);
    once.warn(`override ${override}`, `evenhand: the cookie ${cookie} ${problem}`);
  }
}

/** Returns the reason why an override forces nothing; undefined if it forces something. */
export function overrideProblem(
  name: string,
  value: string,
  snapshot: Snapshot,
): string | undefined {
  const spec = snapshot.specOf(name);
  const variants = spec?.variants.map((variant) => variant.name);
  if (variants?.includes(value) === true) return undefined;
  const inNamespace = namespaceProblem(percentDecoded(name), percentDecoded(value), snapshot);
  if (inNamespace !== undefined) return inNamespace.problem;
  if (variants !== undefined) {
    return `forces the variant ${quote(value)}, which ${quote(name)} does not have; ${advice(value, variants)}`;
  }
  const names = [...snapshot.experiments, ...snapshot.holdouts].map((one) => one.name);
  return `forces a variant of ${quote(name)}, which is not an experiment; ${advice(name, names)}`;
}

/** Returns the problem of an override of a namespace; undefined if the override is not for a namespace. */
function namespaceProblem(
  name: string,
  value: string,
  { setup: { namespaces } }: Snapshot,
): { readonly problem: string | undefined } | undefined {
  const whole = namespaces.get(name);
  if (whole !== undefined) {
    if (whole.running.has(value)) return { problem: undefined };
    const rest = `which does not run in the namespace ${quote(name)}`;
    return {
      problem: `forces the experiment ${quote(value)}, ${rest}; ${advice(value, [...whole.running.keys()])}`,
    };
  }
  if (!name.includes('.')) return undefined;
  const problems = [...namespaces.values()]
    .filter(({ spec }) => name.startsWith(`${spec.name}.`))
    .map((known) => parameterProblem(known, name.slice(known.spec.name.length + 1), value));
  if (problems.length === 0) {
    const [wrong = ''] = name.split('.', 1);
    return {
      problem: `forces a parameter of ${quote(wrong)}, which is not a namespace; ${advice(wrong, [...namespaces.keys()])}`,
    };
  }
  // A namespace may be called `shop` and another one `shop.eu`: one effect is enough.
  return { problem: problems.includes(undefined) ? undefined : problems.at(-1) };
}

/** Returns the reason why an override of a parameter forces nothing; undefined if it forces something. */
function parameterProblem(
  namespace: CompiledNamespace,
  parameter: string,
  value: string,
): string | undefined {
  const read = readForced(namespace, parameter, value);
  if ('value' in read) return undefined;
  const forced = `forces the parameter ${quote(parameter)} of the namespace ${quote(namespace.spec.name)}`;
  const settable = [...settableParameters(namespace)];
  return settable.includes(parameter)
    ? `${forced} to ${quote(value)}, ${read.problem}`
    : `${forced}, ${read.problem}; ${advice(parameter, settable)}`;
}

function advice(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  if (meant !== undefined) return `did you mean ${quote(meant)}?`;
  return `declared: ${known.length === 0 ? 'none' : listNames(known)}`;
}
