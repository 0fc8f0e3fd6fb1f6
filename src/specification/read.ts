import { type Problem, SpecError } from '../errors/spec-error.ts';
import { quote } from '../errors/show-value.ts';
import { parseJson } from '../json/parse.ts';
import { member } from '../json/own.ts';
import { valueAt } from '../json/pointer.ts';
import type { Steps } from '../runtime/steps.ts';
import { textsSteps } from './parse-texts.ts';
import type { RawSpecification } from './raw.ts';
import { specificationSteps } from './specification.ts';
import type { Specification } from './types.ts';

/**
 * Parses and validates a raw specification, in steps.
 *
 * @throws SpecError (`json`, `spec`) with every problem
 */
export function* readSpecification(raw: RawSpecification): Steps<Specification> {
  const { origin } = raw;
  if ('texts' in raw) {
    // Copied, because the list may change between the steps.
    const texts = raw.texts.map((one) => ({ text: one.text, origin: one.origin }));
    return yield* textsSteps(texts, origin);
  }
  if ('text' in raw) {
    const data = parseJson(raw.text, origin);
    yield;
    return yield* specificationSteps(data, { origin, text: raw.text });
  }
  return yield* raw.named === true
    ? namedSteps(raw.data, origin)
    : specificationSteps(raw.data, { origin });
}

/** Validates data whose entries people know by name, and puts the name into each problem. */
function* namedSteps(data: unknown, origin: string): Steps<Specification> {
  try {
    return yield* specificationSteps(data, { origin });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const problems = error.problems.map((problem) => named(problem, data));
    throw new SpecError('spec', error.origin, problems);
  }
}

/** The pointer to an entry of a list of experiments or namespaces. */
const ENTRY = /^(?:\/(experiments|namespaces))?\/\d+(?=\/|$)/;

function named(problem: Problem, data: unknown): Problem {
  const [pointer, list] = ENTRY.exec(problem.path) ?? [];
  if (pointer === undefined) return problem;
  const entry = valueAt(data, pointer);
  const name = typeof entry === 'string' ? entry : member(entry, 'name');
  if (typeof name !== 'string') return problem;
  const kind = list === 'namespaces' ? 'namespace' : 'experiment';
  return { ...problem, message: `${kind} ${quote(name)}: ${problem.message}` };
}
