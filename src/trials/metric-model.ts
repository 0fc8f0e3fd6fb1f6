import { quote } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import type { JsonValue } from '../json/value.ts';
import { matchesOutcome } from '../rules/outcomes/matches-outcome.ts';
import type { OutcomeRule } from '../rules/outcomes/outcome-rule.ts';
import { parseOutcomeRule } from '../rules/outcomes/parse-outcome-rule.ts';
import type { MetricSpec, OutcomePart } from '../specification/metric-types.ts';
import { matchingProperties, type Properties, withValues } from './matching-properties.ts';
import type { TrialRandom } from './trial-random.ts';

/** An outcome of a made-up unit, without its time. */
export interface MadeOutcome {
  readonly name: string;
  readonly properties: Properties;
}

/** The traits that a made-up unit keeps, so that the past tells something about the future. */
export interface Traits {
  /** The factor by which the unit is more likely than others to have outcomes. */
  readonly activity: number;
  /** The factor by which its values are larger than those of others. */
  readonly level: number;
}

/** A way to make up the outcomes of a metric. */
export interface MetricModel {
  readonly metric: string;
  /** Draws a unit's traits. */
  traits(random: TrialRandom): Traits;
  /**
   * Makes up the outcomes of one unit in one period.
   *
   * @param lift the planted effect, as a share of the metric's value
   */
  outcomes(random: TrialRandom, traits: Traits, lift: number): MadeOutcome[];
}

/** The mean of values. */
const MEAN_VALUE = 50;

/** Values in this range must match the rule of a metric. */
const TYPICAL_VALUES = [0.01, MEAN_VALUE, 1e6];

/** The share of units that are active more often than the others, and how much at most. */
const LOYAL = { share: 0.2, activity: 4 };

/** The most often that a unit may be active. */
const MAX_CHANCE = 0.95;

/** The deviation of the logarithm of values between units, and between the values of one unit. */
const SPREAD = 0.5;

/** The share of denominators with a numerator: of one half of the units, and of the other. */
const HITS = { seldom: 0.3, often: 0.5 };

/** Half of the units have a level above this: the median of a log-normal distribution with mean 1. */
const MEDIAN_LEVEL = Math.exp(-(SPREAD ** 2) / 2);

/** The metrics whose effect changes how many units have outcomes; of the others it changes values. */
const OF_ACTIVITY: ReadonlySet<string> = new Set(['proportion', 'retention', 'count', 'sum']);

/**
 * Returns the share of units with outcomes if none is given: a tenth, or half for metrics that compare
 * the values of outcomes.
 */
export function defaultRate({ type, of }: MetricSpec): number {
  if (OF_ACTIVITY.has(type)) return 0.1;
  return of === 'units' ? 1 : 0.5;
}

/**
 * Makes a model of a metric. A lift of 5% makes the metric 5% larger, exactly:
 *
 * - for `proportion`, `retention`, `count` and `sum`, 5% more units have outcomes, and these units'
 *   outcomes stay as they are, so that caps don't change the effect
 * - for a `ratio` of counts, 5% more denominators have a numerator
 * - for the others, values are 5% larger
 *
 * @param rate the share of units with outcomes, without the effect
 * @param lift the largest planted effect
 * @throws OptionError (`option`) if the rule of the metric matches no outcome that can be made up, or the
 *   rate can't rise that much
 */
export function metricModel(spec: MetricSpec, rate: number, lift: number): MetricModel {
  const liftsActivity = OF_ACTIVITY.has(spec.type);
  const highest = rate * (1 + (liftsActivity ? Math.max(0, lift) : 0));
  if (highest > 1) {
    throw new OptionError(
      `metric ${quote(spec.name)}: a rate of ${rate} can't rise by ${lift * 100}%; pass a lower --rate`,
    );
  }
  const often = Math.min(LOYAL.activity, Math.max(1, MAX_CHANCE / highest));
  const seldom = (1 - LOYAL.share * often) / (1 - LOYAL.share);
  const makeEvents = eventsOf(spec);
  return {
    metric: spec.name,
    traits: (random) => ({
      activity: random.next() < LOYAL.share ? often : seldom,
      level: random.factor(SPREAD),
    }),
    outcomes(random, { activity, level }, planted) {
      const chance = rate * activity * (1 + (liftsActivity ? planted : 0));
      if (random.next() >= chance) return [];
      const made: MadeOutcome[] = [];
      for (let left = random.events(); left > 0; left--) {
        made.push(...makeEvents(random, level, liftsActivity ? 0 : planted));
      }
      return made;
    },
  };
}

/** Makes up what happens at once. */
type MakeEvents = (random: TrialRandom, level: number, lift: number) => MadeOutcome[];

function eventsOf(spec: MetricSpec): MakeEvents {
  if (spec.numerator === undefined || spec.denominator === undefined) {
    const make = outcomeOf(spec, spec);
    return (random, level, lift) => [make(level * random.factor(SPREAD) * (1 + lift))];
  }
  return ratioEvents(spec, spec.numerator, spec.denominator);
}

function ratioEvents(
  spec: MetricSpec,
  numerator: OutcomePart,
  denominator: OutcomePart,
): MakeEvents {
  const valued = numerator.value !== undefined;
  const isHit = (random: TrialRandom, level: number, lift: number) =>
    random.next() < (level > MEDIAN_LEVEL ? HITS.often : HITS.seldom) * (1 + (valued ? 0 : lift));
  const scale = (random: TrialRandom, level: number, lift: number) =>
    level * random.factor(SPREAD) * (1 + (valued ? lift : 0));
  if (numerator.outcomes[0] !== denominator.outcomes[0]) {
    const hit = outcomeOf(spec, numerator);
    const base = outcomeOf(spec, denominator);
    return (random, level, lift) => {
      const made = [base(random.factor(SPREAD))];
      if (isHit(random, level, lift)) made.push(hit(scale(random, level, lift)));
      return made;
    };
  }
  // The same outcome is counted in both parts: it can be a numerator or not, by its properties.
  const hit = sharedOutcome(spec, numerator, denominator, true);
  const miss =
    numerator.where === undefined ? hit : sharedOutcome(spec, numerator, denominator, false);
  return (random, level, lift) => {
    const value = scale(random, level, lift);
    return [isHit(random, level, lift) ? hit(value) : miss(value)];
  };
}

/** Returns a function that makes an outcome of a part with a value, relative to the mean. */
function outcomeOf(spec: MetricSpec, part: OutcomePart): (value: number) => MadeOutcome {
  const rules = part.where === undefined ? [] : [parseOutcomeRule(part.where)];
  return maker(spec, part, rules, part.value === undefined ? [] : [part.value]);
}

function sharedOutcome(
  spec: MetricSpec,
  numerator: OutcomePart,
  denominator: OutcomePart,
  isHit: boolean,
): (value: number) => MadeOutcome {
  const rules: OutcomeRule[] = [];
  if (denominator.where !== undefined) rules.push(parseOutcomeRule(denominator.where));
  if (numerator.where !== undefined) {
    const rule = parseOutcomeRule(numerator.where);
    rules.push(isHit ? rule : { kind: 'not', rule });
  }
  // The denominator's own value is the same each time.
  const fixed = new Map<string, JsonValue>();
  if (denominator.value !== undefined) fixed.set(denominator.value, MEAN_VALUE);
  const { value } = numerator;
  return maker(spec, numerator, rules, value === undefined ? [] : [value], fixed);
}

function maker(
  spec: MetricSpec,
  part: OutcomePart,
  rules: readonly OutcomeRule[],
  paths: readonly string[],
  fixed: ReadonlyMap<string, JsonValue> = new Map(),
): (value: number) => MadeOutcome {
  const rule: OutcomeRule = { kind: 'and', rules };
  const valued = (value: number) => paths.map((path): [string, JsonValue] => [path, value]);
  const found = matchingProperties(rule, new Map([...fixed, ...valued(MEAN_VALUE)]));
  const name = part.outcomes[0] ?? spec.name;
  if (
    found === undefined ||
    !TYPICAL_VALUES.every((value) => matchesOutcome(rule, withValues(found, valued(value))))
  ) {
    throw new OptionError(
      `metric ${quote(spec.name)}: no outcome ${quote(name)} can be made up that matches its rule for every value; simulate another metric`,
    );
  }
  if (paths.length === 0) return () => ({ name, properties: found });
  return (value) => ({ name, properties: withValues(found, valued(value * MEAN_VALUE)) });
}
