import { isDeepStrictEqual } from 'node:util';
import { BUCKETS } from '../../hash/bucket.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { isSameIdentity } from '../../specification/identity-paths.ts';
import type { AudienceSpec, ExperimentSpec } from '../../specification/types.ts';
import { describeIdentityChange } from './identity-change.ts';
import { hasSameTexts, usesIn } from './transitions.ts';

/** Lists the changes of an experiment that affect decisions, each in a few words. */
export function describeChanges(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const changes: string[] = [];
  const note = (differs: boolean, text: string): void => {
    if (differs) changes.push(text);
  };
  note(before.name !== after.name, `renamed from ${before.name}`);
  const keepsIdentity = isSameIdentity(before.identity, after.identity);
  note(!keepsIdentity, describeIdentityChange(before, after));
  note(before.seed !== after.seed, `seed ${quote(before.seed)} → ${quote(after.seed)}`);
  const [buckets, newBuckets] = [before.buckets ?? BUCKETS, after.buckets ?? BUCKETS];
  note(buckets !== newBuckets, `buckets ${buckets} → ${newBuckets}`);
  const [wasSticky, isSticky] = [before.sticky === true, after.sticky === true];
  note(wasSticky !== isSticky, isSticky ? 'sticky from now on' : 'no longer sticky');
  const oldNames = before.variants.map(({ name }) => name);
  const newNames = after.variants.map(({ name }) => name);
  const came = newNames.filter((name) => !oldNames.includes(name));
  const went = oldNames.filter((name) => !newNames.includes(name));
  note(came.length > 0, `new variants: ${listNames(came)}`);
  note(went.length > 0, `removed variants: ${listNames(went)}`);
  const values = after.variants.filter(({ name, value }) => {
    const old = before.variants.find((variant) => variant.name === name);
    return old !== undefined && !isDeepStrictEqual(old.value, value);
  });
  note(values.length > 0, `changed values: ${listNames(values.map(({ name }) => name))}`);
  const steps = changedSteps(before, after);
  note(steps.length > 0, `schedule: ${steps.join(', ')}`);
  note(!hasSameTexts(before, after), 'changed rules');
  changes.push(...changedUses(before, after));
  if (hasSameTexts(before, after)) {
    for (const [i, audience] of after.audiences.entries()) {
      const old = before.audiences[i];
      const differs =
        old !== undefined && describeAllocations(old) !== describeAllocations(audience);
      const where = after.audiences.length > 1 ? ` of audience ${i + 1}` : '';
      if (old === undefined) continue;
      note(
        differs,
        `allocations${where}: ${describeAllocations(old)} → ${describeAllocations(audience)}`,
      );
    }
  } else {
    const differ = !isDeepStrictEqual(before.audiences, after.audiences);
    note(
      differ && before.audiences.length !== after.audiences.length,
      'changed number of audiences',
    );
  }
  return changes;
}

/** Lists the changes of the segments that the rules use, and of the experiments that they ask for. */
function changedUses(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const [old, next] = [usesIn(before), usesIn(after)];
  const oldRules = new Map(old.segments.map(({ name, rule }) => [name, rule]));
  const rules = new Map(next.segments.map(({ name, rule }) => [name, rule]));
  const oldDigests = new Map(old.prerequisites.map(({ name, digest }) => [name, digest]));
  const digests = new Map(next.prerequisites.map(({ name, digest }) => [name, digest]));
  const changed = [
    ...differing(oldRules, rules).map((name) => `segment ${name} changed`),
    ...differing(oldDigests, digests).map(asked('changed')),
  ];
  if (!hasSameTexts(before, after)) return changed;
  // With equal rules, a name that only one file declares is a context value in the other.
  return [
    ...changed,
    ...missingIn(rules, oldRules).map((name) => `segment ${name} was removed`),
    ...missingIn(oldRules, rules).map((name) => `segment ${name} was added`),
    ...missingIn(digests, oldDigests).map(asked('was removed')),
    ...missingIn(oldDigests, digests).map(asked('was added')),
  ];
}

function asked(what: string): (name: string) => string {
  return (name) => `experiment ${name}, which its rules ask for, ${what}`;
}

/** Returns the names that both have with another text. */
function differing(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after].flatMap(([name, text]) =>
    before.has(name) && before.get(name) !== text ? [name] : [],
  );
}

/** Returns the names of `others` that are not in `known`. */
function missingIn(
  known: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): string[] {
  return [...others.keys()].filter((name) => !known.has(name));
}

/** Lists the steps of schedules that differ, by their instants. */
function changedSteps(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const old = new Map(before.schedule?.map((step) => [step.at, step]));
  const changes: string[] = [];
  for (const step of after.schedule ?? []) {
    const known = old.get(step.at);
    old.delete(step.at);
    if (known === undefined) changes.push(`new step at ${step.at}`);
    else if (!isDeepStrictEqual(known, step)) changes.push(`changed step at ${step.at}`);
  }
  return [...changes, ...Array.from(old.keys(), (at) => `removed step at ${at}`)];
}

/** Formats allocations in a line: `treatment 25, inactive 50, control 25`. */
export function describeAllocations({ allocations }: Pick<AudienceSpec, 'allocations'>): string {
  return allocations.map(({ variant, percent }) => `${variant} ${percent}`).join(', ');
}
