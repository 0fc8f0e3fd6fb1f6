import { type Problem, SpecError } from '../errors/spec-error.ts';
import { quote } from '../errors/show-value.ts';
import { member } from '../json/own.ts';
import { listOf } from './note.ts';
import { parseSteps } from '../json/parse.ts';
import { duplicateWarnings } from './checks/duplicate-warnings.ts';
import { locate } from '../json/positions.ts';
import { MAX_PROBLEMS } from './checks/problems.ts';
import type { KnownOperators } from '../planout/operator-set.ts';
import { specificationSteps } from './specification.ts';
import type { Steps } from '../runtime/steps.ts';
import type { RulesOf, Specification } from './types.ts';

/** One text of a specification in several texts. */
export interface SpecificationText {
  /** JSON: a list of experiments, or an object with `experiments`. */
  readonly text: string;
  /** The origin of the text, for messages: a file's path. */
  readonly origin: string;
}

/** A declaration of a name. */
interface Place {
  readonly name: string;
  readonly kind: 'experiment' | 'namespace' | 'holdout' | 'metric';
  readonly path: string;
}

/**
 * Parses and validates a specification in several texts, in steps. Each text is complete by itself: its
 * `context` applies to its own rules only, and its holdouts to its own experiments,
 * and analyses name its own metrics. Names must be unique
 * across all texts.
 *
 * @param origin the origin of the whole specification, for messages
 * @param operators the operators that scripts may call besides PlanOut's own
 * @throws SpecError (`json`, `spec`) with the problems of all texts, each with its own origin
 */
export function* textsSteps(
  texts: readonly SpecificationText[],
  origin: string,
  operators?: KnownOperators,
): Steps<Specification> {
  const problems: Problem[] = [];
  const parts: Specification[] = [];
  const warnings: string[] = [];
  const declared = new Declarations();
  let code: 'json' | 'spec' = 'spec';
  for (const one of texts) {
    try {
      const { data, hasDuplicates } = yield* parseSteps(one.text, one.origin);
      if (hasDuplicates) warnings.push(...duplicateWarnings(one.text, one.origin));
      yield;
      parts.push(yield* specificationSteps(data, { ...one, operators }));
      problems.push(...declared.add(one, data));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      if (error.code === 'json') code = 'json';
      problems.push(...error.problems.map((problem) => ({ ...problem, origin: one.origin })));
    }
  }
  if (problems.length > 0) throw new SpecError(code, origin, problems.slice(0, MAX_PROBLEMS));
  return Object.freeze({
    origin,
    experiments: Object.freeze(parts.flatMap(({ experiments }) => experiments)),
    rulesOf: rulesByText(parts),
    namespaces: Object.freeze(parts.flatMap(({ namespaces }) => namespaces)),
    ...(parts.some(({ segments }) => segments !== undefined) && {
      segments: Object.freeze(parts.flatMap(({ segments }) => segments ?? [])),
    }),
    ...(parts.some(({ holdouts }) => holdouts !== undefined) && {
      holdouts: Object.freeze(parts.flatMap(({ holdouts = [] }) => holdouts)),
    }),
    ...(parts.some(({ metrics }) => metrics !== undefined) && {
      metrics: Object.freeze(parts.flatMap(({ metrics = [] }) => metrics)),
    }),
    ...(parts.every(({ declaresContext }) => declaresContext) && { declaresContext: true }),
    ...(parts.some(({ scheduled }) => scheduled) && { scheduled: true }),
    ...(warnings.length > 0 && { warnings }),
  });
}

/** Finds the rules of an experiment in the text that declares it. */
function rulesByText(parts: readonly Specification[]): RulesOf {
  const owners = new Map<string, Specification>();
  for (const part of parts) for (const { name } of part.experiments) owners.set(name, part);
  return (experiment) => owners.get(experiment)?.rulesOf(experiment) ?? NO_RULES;
}

const NO_RULES: ReturnType<RulesOf> = new Map();

const KINDS = ['experiment', 'namespace', 'holdout', 'metric'] as const;

/** Returns true if a name of one kind can't be a name of the other too. */
function sharesNames(one: Place['kind'], other: Place['kind']): boolean {
  if (one === other) return true;
  return one !== 'metric' && other !== 'metric' && [one, other].includes('holdout');
}

/** The names declared so far and their texts. */
class Declarations {
  private readonly owners = new Map<string, { from: SpecificationText; path: string }>();

  /** Adds the names of a valid text; returns a problem for each name that another text has declared. */
  add(from: SpecificationText, data: unknown): Problem[] {
    const problems: Problem[] = [];
    for (const { name, kind, path } of placesIn(data)) {
      const owned = KINDS.find(
        (one) => sharesNames(kind, one) && this.owners.has(`${one} ${name}`),
      );
      const first = this.owners.get(`${owned} ${name}`);
      if (first === undefined) this.owners.set(`${kind} ${name}`, { from, path });
      else if (problems.length < MAX_PROBLEMS) {
        const what =
          owned === kind
            ? 'declared twice'
            : `also the name of ${owned === 'experiment' ? 'an' : 'a'} ${owned}`;
        problems.push({
          path,
          origin: from.origin,
          ...locate(from.text, new Map([[path, 'value']])).get(path),
          message: `${kind} ${quote(name)} is ${what}: ${placeOf(first.from, first.path)} has the same name; rename one of them`,
        });
      }
    }
    return problems;
  }
}

function placesIn(data: unknown): Place[] {
  const isList = Array.isArray(data);
  const base = isList ? '' : '/experiments';
  const experiments = listOf(isList ? data : member(data, 'experiments'));
  const namespaces = listOf(isList ? undefined : member(data, 'namespaces'));
  const inLists = (['holdout', 'metric'] as const).flatMap((kind) =>
    listOf(isList ? undefined : member(data, `${kind}s`)).map((entry, i): Place => ({
      kind,
      name: String(member(entry, 'name')),
      path: `/${kind}s/${i}/name`,
    })),
  );
  return [
    ...experiments.map((entry, i): Place => {
      const path = `${base}/${i}`;
      return typeof entry === 'string'
        ? { kind: 'experiment', name: entry.split(':', 1)[0] ?? '', path }
        : { kind: 'experiment', name: String(member(entry, 'name')), path: `${path}/name` };
    }),
    ...namespaces.map((entry, i): Place => ({
      kind: 'namespace',
      name: String(member(entry, 'name')),
      path: `/namespaces/${i}/name`,
    })),
    ...inLists,
  ];
}

function placeOf({ text, origin }: SpecificationText, path: string): string {
  const position = locate(text, new Map([[path, 'value']])).get(path);
  return position === undefined
    ? `${origin} ${path}`
    : `${origin}:${position.line}:${position.column}`;
}
