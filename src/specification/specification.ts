import { SpecError } from '../errors/spec-error.ts';
import { FINE_BUCKETS } from '../hash/bucket.ts';
import { copyJson } from '../json/copy.ts';
import { checkCrossFields } from './checks/cross-fields.ts';
import { withUses } from './checks/declared-uses.ts';
import { toNamespace } from './entries/to-namespace.ts';
import type { IdentitySpec } from './identity-paths.ts';
import { own } from '../json/own.ts';
import { formatInstant } from './instant.ts';
import type { KnownOperators } from '../planout/operator-set.ts';
import { toHoldout } from './entries/to-holdout.ts';
import { toAnalysis } from './metrics/to-analysis.ts';
import { toMetric } from './metrics/to-metric.ts';
import { toProblems } from './checks/problems.ts';
import { type RawEntry, type RawExperiment, shapedSteps, shapeFindings } from './schema/shape.ts';
import { STEP, type Steps } from '../runtime/steps.ts';
import type {
  AllocationSpec,
  AudienceSpec,
  ExperimentSpec,
  SegmentSpec,
  ScheduleStep,
  Specification,
  VariantSpec,
} from './types.ts';

/** The origin of a specification. */
export interface SpecificationOrigin {
  /** For messages: a file's path, or a source's name. */
  readonly origin: string;
  /** The JSON text the data was parsed from; gives problems their line and column. */
  readonly text?: string;
  /** The operators that scripts of namespaces may call besides PlanOut's own. Default: none. */
  readonly operators?: KnownOperators;
}

type RawVariant = RawExperiment['variants'][number];
type RawAudience = RawExperiment['audiences'][number];
type RawStep = NonNullable<RawExperiment['schedule']>[number];

/** The variants that the shorthand of a switch declares. */
const SWITCH_VARIANTS: readonly VariantSpec[] = Object.freeze([
  Object.freeze({ name: 'on' }),
  Object.freeze({ name: 'off' }),
]);

/**
 * Validates a specification in steps and returns it in its final form: complete and deeply frozen. It
 * is independent of the data, which may change afterwards, but not between the steps.
 *
 * @param data the content of `experiments.config.json`: a list of experiments or an object with
 *   `experiments`
 * @throws SpecError (`spec`) with all problems, of which it lists the first hundred
 */
export function* specificationSteps(
  data: unknown,
  from: SpecificationOrigin,
): Steps<Specification> {
  const shaped = yield* shapedSteps(data);
  yield;
  const cross = yield* checkCrossFields(data, from.operators);
  const findings = [...(shaped === undefined ? shapeFindings(data) : []), ...cross.findings];
  if (shaped === undefined || findings.length > 0) {
    throw new SpecError('spec', from.origin, toProblems(findings, data, from.text));
  }
  const entries = Array.isArray(shaped) ? shaped : shaped.experiments;
  const lists = new SharedLists();
  const namespaces = Array.isArray(shaped) ? undefined : own(shaped, 'namespaces');
  const raw = Array.isArray(shaped) ? undefined : own(shaped, 'segments');
  const segments = raw && Object.freeze(raw.map(buildSegment));
  const held = Array.isArray(shaped)
    ? undefined
    : own(shaped, 'holdouts')?.map((one) => toHoldout(one, toIdentity(one.identity)));
  const metrics = Array.isArray(shaped) ? undefined : own(shaped, 'metrics');
  const experiments: ExperimentSpec[] = [];
  for (const entry of entries) {
    if (experiments.length % STEP === 0) yield;
    experiments.push(toExperiment(entry, lists));
  }
  return Object.freeze({
    origin: from.origin,
    experiments:
      cross.uses === undefined
        ? Object.freeze(experiments)
        : withUses(experiments, { segments, holdouts: held }, cross.uses),
    rulesOf: () => cross.rules,
    ...(segments && { segments }),
    ...(cross.declarations && { declarations: cross.declarations }),
    namespaces: Object.freeze(
      (namespaces ?? []).map((namespace) => toNamespace(namespace, cross.scripts)),
    ),
    ...(held !== undefined && held.length > 0 && { holdouts: Object.freeze(held) }),
    ...(metrics !== undefined &&
      metrics.length > 0 && { metrics: Object.freeze(metrics.map((one) => toMetric(one))) }),
    ...(cross.declaresContext && { declaresContext: true }),
    ...(cross.scheduled && { scheduled: true }),
  });
}

function toExperiment(entry: RawEntry, lists: SharedLists): ExperimentSpec {
  return typeof entry === 'string' ? expand(entry, lists) : build(entry, lists);
}

/** Expands the shorthand of a switch, `name:on`, to an experiment in which everyone gets that state. */
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
  const { name } = entry;
  const description = own(entry, 'description');
  const owner = own(entry, 'owner');
  const expires = own(entry, 'expires');
  const buckets = own(entry, 'buckets');
  const schedule = own(entry, 'schedule');
  const analysis = own(entry, 'analysis');
  const variants = lists.variants(entry.variants);
  return Object.freeze({
    name,
    identity: toIdentity(entry.identity),
    seed: own(entry, 'seed') ?? name,
    // 100, the default, is left out even if it is written.
    ...(buckets === FINE_BUCKETS && { buckets }),
    variants,
    audiences: buildAudiences(entry.audiences, lists),
    ...(schedule !== undefined && schedule.length > 0 && { schedule: toSchedule(schedule, lists) }),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
    // Switches are read on every request and are not compared.
    exposure: own(entry, 'exposure') ?? (isSwitch(variants) ? 'off' : 'auto'),
    ...(own(entry, 'sticky') === true && { sticky: true as const }),
    shorthand: false,
    ...(analysis !== undefined && { analysis: toAnalysis(analysis) }),
  });
}

/** Returns the identity. A list of one path is the path, so that both forms have one checksum. */
function toIdentity(identity: RawExperiment['identity']): IdentitySpec {
  if (typeof identity === 'string') return identity;
  const [only, ...others] = identity;
  return only !== undefined && others.length === 0 ? only : Object.freeze([...identity]);
}

function buildAudiences(
  audiences: readonly RawAudience[],
  lists: SharedLists,
): readonly AudienceSpec[] {
  return Object.freeze(audiences.map((audience) => buildAudience(audience, lists)));
}

function toSchedule(schedule: readonly RawStep[], lists: SharedLists): readonly ScheduleStep[] {
  return Object.freeze(
    schedule.map(({ at, audiences }) =>
      Object.freeze({
        at: formatInstant(Date.parse(at)),
        audiences: buildAudiences(audiences, lists),
      }),
    ),
  );
}

/** Returns true for the variants `on` and `off`, in either order. */
function isSwitch(variants: readonly VariantSpec[]): boolean {
  return (
    variants.length === SWITCH_VARIANTS.length &&
    SWITCH_VARIANTS.every(({ name }) => variants.some((variant) => variant.name === name))
  );
}

function buildSegment(segment: SegmentSpec): SegmentSpec {
  const { name, rule } = segment;
  const description = own(segment, 'description');
  const owner = own(segment, 'owner');
  return Object.freeze({
    name,
    rule,
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
  });
}

function buildAudience(audience: RawAudience, lists: SharedLists): AudienceSpec {
  const rule = own(audience, 'rule');
  if (typeof rule !== 'string') return lists.fallback(audience.allocations);
  return Object.freeze({ rule, allocations: lists.allocations(audience.allocations) });
}

/**
 * The frozen lists of variants and allocations of one specification, and its fallback audiences. Many
 * experiments have equal lists, such as `on` and `off` or half and half, and share one copy.
 */
class SharedLists {
  private readonly variantLists = new Map<string, readonly VariantSpec[]>();
  private readonly allocationLists = new Map<string, readonly AllocationSpec[]>();
  private readonly fallbacks = new Map<readonly AllocationSpec[], AudienceSpec>();

  variants(raw: readonly RawVariant[]): readonly VariantSpec[] {
    // Values can be large, so lists with values are not compared.
    if (raw.some((variant) => own(variant, 'value') !== undefined)) {
      return Object.freeze(raw.map(buildVariant));
    }
    // Names contain no spaces.
    const key = raw.map(({ name }) => name).join(' ');
    return sharedBy(this.variantLists, key, () => raw.map(buildVariant));
  }

  allocations(raw: RawAudience['allocations']): readonly AllocationSpec[] {
    let key = '';
    for (const { variant, percent } of raw) key += `${variant} ${percent} `;
    return sharedBy(this.allocationLists, key, () =>
      raw.map(({ variant, percent }) => Object.freeze({ variant, percent })),
    );
  }

  /** Returns the fallback audience with these allocations. */
  fallback(raw: RawAudience['allocations']): AudienceSpec {
    const allocations = this.allocations(raw);
    let fallback = this.fallbacks.get(allocations);
    if (fallback === undefined) {
      fallback = Object.freeze({ allocations });
      this.fallbacks.set(allocations, fallback);
    }
    return fallback;
  }
}

function buildVariant(variant: RawVariant): VariantSpec {
  const { name } = variant;
  const value = own(variant, 'value');
  if (value === undefined) return Object.freeze({ name });
  const copied = copyJson(value);
  return Object.freeze('json' in copied ? { name, value: copied.json } : { name });
}

function sharedBy<T>(
  lists: Map<string, readonly T[]>,
  key: string,
  build: () => T[],
): readonly T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list = Object.freeze(build());
  lists.set(key, list);
  return list;
}
