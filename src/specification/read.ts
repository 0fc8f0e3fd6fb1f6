import { type Problem, SpecError } from '../errors/spec-error.ts';
import { quote } from '../errors/show-value.ts';
import { rapidhash } from '../hash/bucket.ts';
import { parseSteps } from '../json/parse.ts';
import { member } from '../json/own.ts';
import { valueAt } from '../json/pointer.ts';
import type { KnownOperators } from '../planout/operator-set.ts';
import type { Steps } from '../runtime/steps.ts';
import { duplicateWarnings } from './checks/duplicate-warnings.ts';
import { textsSteps } from './parse-texts.ts';
import type { RawSpecification, RawText, RawTexts } from './raw.ts';
import { type SpecificationOrigin, specificationSteps } from './specification.ts';
import type { Revision, Specification } from './types.ts';

/**
 * Returns true if a delivery has a part of that name, itself or from its class. A value that some code has
 * added to `Object.prototype` does not count.
 */
export function brings(raw: object, name: 'text' | 'texts' | 'data'): boolean {
  if (!(name in raw)) return false;
  return Object.hasOwn(raw, name) || Reflect.get(raw, name) !== Reflect.get(Object.prototype, name);
}

/** Returns true for a specification as text. */
export function isText(raw: RawSpecification): raw is RawText {
  return brings(raw, 'text');
}

/** Returns true for a specification in several texts. */
export function isTexts(raw: RawSpecification): raw is RawTexts {
  return brings(raw, 'texts');
}

/**
 * Parses and validates a raw specification, in steps.
 *
 * @param operators the operators that scripts may call besides PlanOut's own
 * @throws SpecError (`json`, `spec`) with every problem
 */
export function* readSpecification(
  raw: RawSpecification,
  operators?: KnownOperators,
): Steps<Specification> {
  const { origin } = raw;
  if (isTexts(raw)) {
    // Copied, because the list may change between the steps.
    const texts = raw.texts.map((one) => ({ text: one.text, origin: one.origin }));
    return yield* textsSteps(texts, origin, operators);
  }
  if (isText(raw)) {
    const { data, hasDuplicates } = yield* parseSteps(raw.text, origin);
    yield;
    const specification = yield* specificationSteps(data, { origin, text: raw.text, operators });
    return hasDuplicates
      ? Object.freeze({ ...specification, warnings: duplicateWarnings(raw.text, origin) })
      : specification;
  }
  return yield* raw.named === true
    ? namedSteps(raw.data, { origin, operators })
    : specificationSteps(raw.data, { origin, operators });
}

/** Validates data whose entries people know by name, and puts the name into each problem. */
function* namedSteps(data: unknown, from: SpecificationOrigin): Steps<Specification> {
  try {
    return yield* specificationSteps(data, from);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const problems = error.problems.map((problem) => named(problem, data));
    throw new SpecError('spec', error.origin, problems);
  }
}

/** The pointer to an entry of a list of experiments, namespaces, holdouts or metrics. */
const ENTRY = /^(?:\/(experiments|namespaces|holdouts|metrics))?\/\d+(?=\/|$)/;

function named(problem: Problem, data: unknown): Problem {
  const [pointer, list] = ENTRY.exec(problem.path) ?? [];
  if (pointer === undefined) return problem;
  const entry = valueAt(data, pointer);
  const name = typeof entry === 'string' ? entry : member(entry, 'name');
  if (typeof name !== 'string') return problem;
  const kind = list?.slice(0, -1) ?? 'experiment';
  return { ...problem, message: `${kind} ${quote(name)}: ${problem.message}` };
}

/** 64 bits as hexadecimal digits. */
const DIGITS = 16;

/** Returns the revision of a text without one of its own: 16 hexadecimal digits of its rapidhash. */
export function contentRevision(text: string): string {
  return rapidhash(text).toString(16).padStart(DIGITS, '0');
}

/** Returns the revision of several texts; it changes when the texts are divided differently. */
export function textsRevision(texts: readonly { origin: string; text: string }[]): string {
  return contentRevision(texts.map(({ origin, text }) => `${origin}\0${text}\0`).join(''));
}

/**
 * Returns the revision of a raw specification: its own, or a hash of its content.
 *
 * @returns undefined if the data is not JSON; validation reports that
 */
export function revisionOf(raw: RawSpecification): Revision | undefined {
  if (raw.revision !== undefined) return raw.revision;
  if (isText(raw)) return contentRevision(raw.text);
  if (isTexts(raw)) return textsRevision(raw.texts);
  try {
    return contentRevision(JSON.stringify(raw.data));
  } catch {
    return undefined;
  }
}

/** Returns true if a revision is known to be older than another; only numbers have an order. */
export function isOlder(revision: Revision | undefined, than: Revision | undefined): boolean {
  return typeof revision === 'number' && typeof than === 'number' && revision < than;
}
