import { SpecError } from '../errors.ts';
import { checkCrossFields } from './cross-fields.ts';
import { copyJson } from './json-value.ts';
import { toProblems } from './problems.ts';
import { hasShape, type RawEntry, type RawExperiment, shapeFindings } from './shape.ts';
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
 * Validates a specification and gives it its final form: complete, deeply frozen, and independent
 * of the data, which may change afterwards.
 *
 * @param data what `experiments.config.json` holds: a list of experiments, or an object with
 *   `experiments`
 * @throws SpecError `spec` with all problems (but listing no more than the first hundred)
 */
export function parseSpecification(data: unknown, from: SpecificationOrigin): Specification {
  const fits = hasShape(data);
  const cross = checkCrossFields(data);
  const findings = [...(fits ? [] : shapeFindings(data)), ...cross.findings];
  if (!fits || findings.length > 0) {
    throw new SpecError('spec', from.origin, toProblems(findings, data, from.text));
  }
  const entries = Array.isArray(data) ? data : data.experiments;
  return Object.freeze({
    origin: from.origin,
    experiments: Object.freeze(entries.map(toExperiment)),
    rules: cross.rules,
  });
}

function toExperiment(entry: RawEntry): ExperimentSpec {
  return typeof entry === 'string' ? expand(entry) : build(entry);
}

/** The shorthand of a switch, `name:on`, as a whole experiment: everybody gets that state. */
function expand(entry: string): ExperimentSpec {
  const [name = '', state = ''] = entry.split(':');
  return Object.freeze({
    name,
    identity: 'random',
    seed: name,
    variants: SWITCH_VARIANTS,
    audiences: Object.freeze([buildAudience({ allocations: [{ variant: state, percent: 100 }] })]),
    shorthand: true,
  });
}

function build(entry: RawExperiment): ExperimentSpec {
  const { name, identity } = entry;
  const description = own(entry, 'description');
  const owner = own(entry, 'owner');
  return Object.freeze({
    name,
    identity,
    seed: own(entry, 'seed') ?? name,
    variants: Object.freeze(entry.variants.map(buildVariant)),
    audiences: Object.freeze(entry.audiences.map(buildAudience)),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    shorthand: false,
  });
}

function buildVariant(variant: RawExperiment['variants'][number]): VariantSpec {
  const { name } = variant;
  const value = own(variant, 'value');
  if (value === undefined) return Object.freeze({ name });
  const copied = copyJson(value);
  return Object.freeze('json' in copied ? { name, value: copied.json } : { name });
}

function buildAudience(audience: RawExperiment['audiences'][number]): AudienceSpec {
  const rule = own(audience, 'rule');
  return Object.freeze({
    ...(typeof rule === 'string' && { rule }),
    allocations: Object.freeze(
      audience.allocations.map(({ variant, percent }) => Object.freeze({ variant, percent })),
    ),
  });
}

/** An optional property: the validator has looked at what the object itself has, no more. */
function own<T extends object, K extends keyof T>(object: T, key: K): T[K] | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
