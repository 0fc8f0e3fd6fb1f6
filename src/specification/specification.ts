import { SpecError } from '../errors/spec-error.ts';
import { checkCrossFields } from './checks/cross-fields.ts';
import { toNamespace } from './namespace-specification.ts';
import { own } from '../json/own.ts';
import { toProblems } from './checks/problems.ts';
import { hasShape, type RawEntry, type RawExperiment, shapeFindings } from './schema/shape.ts';
import { SharedLists } from './shared-lists.ts';
import { atOnce, STEP, type Steps } from '../runtime/steps.ts';
import type { AudienceSpec, ExperimentSpec, Specification, VariantSpec } from './types.ts';

/** Where a specification comes from. */
export interface SpecificationOrigin {
  /** For messages: a file's path, or a source's name. */
  readonly origin: string;
  /** The JSON text the data was parsed from; gives problems their line and column. */
  readonly text?: string;
}

/** The variants of a switch, which its shorthand declares. */
const SWITCH_VARIANTS: readonly VariantSpec[] = Object.freeze([
  Object.freeze({ name: 'on' }),
  Object.freeze({ name: 'off' }),
]);

/**
 * In steps, validates a specification and gives it its final form: complete, deeply frozen, and independent
 * of the data, which may change afterwards, but not between the steps.
 *
 * @param data what `experiments.config.json` holds: a list of experiments, or an object with
 *   `experiments`
 * @throws SpecError `spec` with all problems (but listing no more than the first hundred)
 */
export function* specificationSteps(
  data: unknown,
  from: SpecificationOrigin,
): Steps<Specification> {
  const fits = hasShape(data);
  yield;
  const cross = yield* checkCrossFields(data);
  const findings = [...(fits ? [] : shapeFindings(data)), ...cross.findings];
  if (!fits || findings.length > 0) {
    throw new SpecError('spec', from.origin, toProblems(findings, data, from.text));
  }
  const entries = Array.isArray(data) ? data : data.experiments;
  const lists = new SharedLists();
  const namespaces = Array.isArray(data) ? undefined : own(data, 'namespaces');
  const experiments: ExperimentSpec[] = [];
  for (const entry of entries) {
    if (experiments.length % STEP === 0) yield;
    experiments.push(toExperiment(entry, lists));
  }
  return Object.freeze({
    origin: from.origin,
    experiments: Object.freeze(experiments),
    rules: cross.rules,
    namespaces: Object.freeze(
      (namespaces ?? []).map((namespace) => toNamespace(namespace, cross.scripts)),
    ),
  });
}

/**
 * Validates a specification and gives it its final form, at once; see {@link specificationSteps}.
 *
 * @throws SpecError `spec` with all problems (but listing no more than the first hundred)
 */
export function parseSpecification(data: unknown, from: SpecificationOrigin): Specification {
  return atOnce(specificationSteps(data, from));
}

function toExperiment(entry: RawEntry, lists: SharedLists): ExperimentSpec {
  return typeof entry === 'string' ? expand(entry, lists) : build(entry, lists);
}

/** The shorthand of a switch, `name:on`, as a whole experiment: everybody gets that state. */
function expand(entry: string, lists: SharedLists): ExperimentSpec {
  const [name = '', state = ''] = entry.split(':');
  return Object.freeze({
    name,
    identity: 'random',
    seed: name,
    variants: SWITCH_VARIANTS,
    audiences: Object.freeze([
      buildAudience({ allocations: [{ variant: state, percent: 100 }] }, lists),
    ]),
    exposure: 'off',
    shorthand: true,
  });
}

function build(entry: RawExperiment, lists: SharedLists): ExperimentSpec {
  const { name, identity } = entry;
  const description = own(entry, 'description');
  const owner = own(entry, 'owner');
  const expires = own(entry, 'expires');
  const variants = lists.variants(entry.variants);
  return Object.freeze({
    name,
    identity,
    seed: own(entry, 'seed') ?? name,
    variants,
    audiences: Object.freeze(entry.audiences.map((audience) => buildAudience(audience, lists))),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
    // Nobody compares what a switch does, and it is asked for on every request.
    exposure: own(entry, 'exposure') ?? (isSwitch(variants) ? 'off' : 'auto'),
    shorthand: false,
  });
}

/** Whether these are `on` and `off`, in whichever order. */
function isSwitch(variants: readonly VariantSpec[]): boolean {
  return (
    variants.length === SWITCH_VARIANTS.length &&
    SWITCH_VARIANTS.every(({ name }) => variants.some((variant) => variant.name === name))
  );
}

function buildAudience(
  audience: RawExperiment['audiences'][number],
  lists: SharedLists,
): AudienceSpec {
  const rule = own(audience, 'rule');
  if (typeof rule !== 'string') return lists.fallback(audience.allocations);
  return Object.freeze({ rule, allocations: lists.allocations(audience.allocations) });
}
