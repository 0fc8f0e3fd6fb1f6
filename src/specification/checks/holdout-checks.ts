import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { FINE_BUCKETS } from '../../hash/bucket.ts';
import { member } from '../../json/own.ts';
import { pointerTo } from '../../json/pointer.ts';
import { listOf, type Note, UniqueNames } from '../note.ts';
import { checkIdentityList } from './identity-checks.ts';
import { hasTwoDecimals, hundredthsOf, percentOfHundredths } from '../percents.ts';
import { RANDOM_IDENTITY } from '../reserved-identities.ts';

/** The facts that holdouts are checked against. */
export interface HoldoutSubject {
  /** The names of the experiments and switches of the same text. */
  readonly experiments: ReadonlyMap<string, number>;
  /** Reports an identity that the declared context does not have. */
  readonly checkIdentity: (identity: unknown, path: string, note: Note) => void;
  /** Reports a day that its month does not have. */
  readonly checkDay: (day: unknown, path: string, note: Note) => void;
}

interface NamedSubject extends HoldoutSubject {
  /** The raw namespaces of the same text. */
  readonly namespaces: readonly unknown[];
}

/**
 * Finds the problems of holdouts that a schema can't describe: names that are taken, experiments that are
 * not declared or listed twice, percents with too many decimals, and the identity `random`. Takes any data
 * and skips parts of the wrong shape.
 *
 * @param data the whole text
 */
export function checkHoldouts(data: unknown, facts: HoldoutSubject, note: Note): void {
  const subject: NamedSubject = { ...facts, namespaces: listOf(member(data, 'namespaces')) };
  const names = new UniqueNames('holdout', '/holdouts');
  for (const [i, holdout] of listOf(member(data, 'holdouts')).entries()) {
    const path = `/holdouts/${i}`;
    const name = member(holdout, 'name');
    names.add(name, i, '/name', note);
    if (typeof name === 'string') checkName(name, `${path}/name`, subject, note);
    checkIdentity(member(holdout, 'identity'), path, subject, note);
    checkPercent(holdout, path, note);
    subject.checkDay(member(holdout, 'expires'), path, note);
    checkExperiments(listOf(member(holdout, 'experiments')), path, subject, note);
  }
}

/** Refuses names of other things: records and overrides refer to all of them by name alone. */
function checkName(name: string, path: string, subject: NamedSubject, note: Note): void {
  const { experiments, namespaces } = subject;
  const place = namespaces.findIndex((namespace) => member(namespace, 'name') === name);
  const taken = experiments.has(name) ? 'an experiment' : place < 0 ? undefined : 'a namespace';
  if (taken === undefined) return;
  note(path, () => `${quote(name)} is also the name of ${taken}; rename this holdout`);
}

function checkIdentity(identity: unknown, path: string, subject: NamedSubject, note: Note): void {
  if (identity !== RANDOM_IDENTITY) {
    if (Array.isArray(identity)) checkIdentityList(identity, path, note);
    subject.checkIdentity(identity, path, note);
    return;
  }
  note(
    `${path}/identity`,
    () =>
      'the identity "random" differs on every request, so it can\'t hold a participant out; use a ' +
      'path such as "user.id", or "anonymous"',
  );
}

/** Reports too many decimals. The schema reports percents that are not numbers from 0 to 100. */
function checkPercent(holdout: unknown, path: string, note: Note): void {
  const percent = member(holdout, 'percent');
  if (typeof percent !== 'number' || percent < 0 || percent > WHOLE) return;
  const isFine = member(holdout, 'buckets') === FINE_BUCKETS;
  if (isFine ? hasTwoDecimals(percent) : Number.isInteger(percent)) return;
  const rounded = percentOfHundredths(hundredthsOf(percent));
  note(`${path}/percent`, () =>
    isFine
      ? `percent must have at most two decimals, not ${percent}; round it, for example to ${rounded}`
      : `percent must be a whole number from 0 to 100, not ${percent}; for two decimals, set "buckets": ${FINE_BUCKETS} on the holdout`,
  );
}

const WHOLE = 100;

function checkExperiments(
  listed: readonly unknown[],
  path: string,
  { experiments, namespaces }: NamedSubject,
  note: Note,
): void {
  const seen = new Set<unknown>();
  for (const [i, name] of listed.entries()) {
    // The schema reports texts that can't be names.
    if (typeof name !== 'string' || !/^\w+$/.test(name)) continue;
    const at = pointerTo(`${path}/experiments`, i);
    if (seen.has(name)) {
      note(at, () => `experiment ${quote(name)} is listed twice; remove one of them`);
    } else if (!experiments.has(name)) {
      const isNamespace = namespaces.some((namespace) => member(namespace, 'name') === name);
      note(at, () => undeclared(name, experiments, isNamespace));
    }
    seen.add(name);
  }
}

function undeclared(
  name: string,
  experiments: ReadonlyMap<string, number>,
  isNamespace: boolean,
): string {
  if (isNamespace) return `${quote(name)} is a namespace; a holdout can list experiments only`;
  const meant = didYouMean(name, experiments.keys());
  const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  const declared = experiments.size === 0 ? 'none' : listNames(experiments.keys());
  return `experiment ${quote(name)} is not in this specification; declared: ${declared}${hint}`;
}
