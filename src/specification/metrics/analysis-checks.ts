import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { controlOf } from '../control.ts';
import { HELD_OUT, INCLUDED } from '../holdouts.ts';
import { readInstant } from '../instant.ts';
import { listOf, type Note } from '../note.ts';

const HOLDOUT_VARIANTS: readonly string[] = [HELD_OUT, INCLUDED];

/**
 * Reports the problems of the analyses of experiments, holdouts and experiments of namespaces.
 *
 * @param data the whole text
 * @param metrics the names of the metrics of the same text
 */
export function checkAnalyses(
  data: unknown,
  metrics: ReadonlyMap<string, number>,
  note: Note,
): void {
  const isList = Array.isArray(data);
  const base = isList ? '' : '/experiments';
  const check = (owner: unknown, path: string, given?: readonly string[]): void => {
    const analysis = member(owner, 'analysis');
    if (analysis === undefined) return;
    const variants = given ?? variantsOf(owner);
    checkAnalysis(analysis, `${path}/analysis`, { metrics, variants }, note);
  };
  for (const [i, entry] of listOf(isList ? data : member(data, 'experiments')).entries()) {
    check(entry, `${base}/${i}`);
  }
  if (isList) return;
  for (const [i, holdout] of listOf(member(data, 'holdouts')).entries()) {
    check(holdout, `/holdouts/${i}`, HOLDOUT_VARIANTS);
  }
  for (const [i, namespace] of listOf(member(data, 'namespaces')).entries()) {
    for (const [j, experiment] of listOf(member(namespace, 'experiments')).entries()) {
      check(experiment, `/namespaces/${i}/experiments/${j}`);
    }
  }
}

/** Returns the names of variants; none for a script, whose variants are not known. */
function variantsOf(owner: unknown): unknown[] {
  return listOf(member(owner, 'variants')).map((variant) => member(variant, 'name'));
}

/** The names that an analysis can refer to. */
interface Known {
  readonly metrics: ReadonlyMap<string, number>;
  /** Empty if they are not known. */
  readonly variants: readonly unknown[];
}

function checkAnalysis(analysis: unknown, path: string, known: Known, note: Note): void {
  const control = member(analysis, 'control');
  checkVariant(control, `${path}/control`, known.variants, note);
  checkCompared(analysis, `${path}/variants`, known.variants, note);
  for (const role of ['primary', 'secondary'] as const) {
    const names = listOf(member(analysis, role)).map((name, i) => ({
      name,
      at: `${path}/${role}/${i}`,
    }));
    checkNames(names, `a ${role} metric`, known.metrics, note);
  }
  const guardrails = listOf(member(analysis, 'guardrails')).map((one, i) => ({
    name: member(one, 'metric'),
    at: `${path}/guardrails/${i}/metric`,
  }));
  checkNames(guardrails, 'a guardrail', known.metrics, note);
  checkUntil(member(analysis, 'until'), `${path}/until`, note);
  const seen = new Set<unknown>();
  for (const [i, segment] of listOf(member(analysis, 'segments')).entries()) {
    if (seen.has(segment)) {
      note(`${path}/segments/${i}`, () => 'this path is listed twice; remove one of them');
    }
    seen.add(segment);
  }
}

function checkVariant(
  variant: unknown,
  path: string,
  variants: readonly unknown[],
  note: Note,
): void {
  if (typeof variant !== 'string' || variants.length === 0 || variants.includes(variant)) return;
  const names = textsOf(variants);
  note(path, () => {
    const hint = hintFor(variant, names);
    return `${quote(variant)} is not a variant; the variants: ${listNames(names)}${hint}`;
  });
}

/** Reports problems of the list of compared variants. */
function checkCompared(
  analysis: unknown,
  path: string,
  variants: readonly unknown[],
  note: Note,
): void {
  const compared = listOf(member(analysis, 'variants'));
  const seen = new Set<unknown>();
  for (const [i, variant] of compared.entries()) {
    if (seen.has(variant)) {
      note(`${path}/${i}`, () => 'this variant is listed twice; remove one of them');
    } else {
      checkVariant(variant, `${path}/${i}`, variants, note);
    }
    seen.add(variant);
  }
  const names = textsOf(variants);
  const declared = member(analysis, 'control');
  const control = declared ?? controlOf(names.map((name) => ({ name })));
  const isKnown = typeof control === 'string' && (names.length === 0 || names.includes(control));
  if (compared.length === 0 || !isKnown || control === '' || seen.has(control)) return;
  note(
    path,
    () => `the control ${quote(control)} is not compared; add it, or set another "control"`,
  );
}

/** Returns the names that are texts. Variants without a usable name are reported elsewhere. */
function textsOf(names: readonly unknown[]): string[] {
  return names.filter((name) => typeof name === 'string');
}

function checkNames(
  listed: readonly { readonly name: unknown; readonly at: string }[],
  role: string,
  metrics: ReadonlyMap<string, number>,
  note: Note,
): void {
  const seen = new Set<string>();
  for (const { name, at } of listed) {
    // The schema reports texts that can't be names.
    if (typeof name !== 'string' || !/^\w+$/.test(name)) continue;
    if (seen.has(name)) {
      note(at, () => `metric ${quote(name)} is ${role} twice; remove one of them`);
    } else if (!metrics.has(name)) {
      note(at, () => {
        const declared = metrics.size === 0 ? 'none' : listNames(metrics.keys());
        const hint = hintFor(name, metrics.keys());
        return `metric ${quote(name)} is not in this specification; declared in "metrics": ${declared}${hint}`;
      });
    }
    seen.add(name);
  }
}

function hintFor(word: string, candidates: Iterable<string>): string {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}

function checkUntil(until: unknown, path: string, note: Note): void {
  const read = typeof until === 'string' ? readInstant(until) : undefined;
  if (read !== undefined && 'problem' in read) note(path, () => `until ${read.problem}`);
}
