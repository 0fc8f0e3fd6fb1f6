import { didYouMean } from '../../errors/did-you-mean.ts';
import { INSTANT_MUST_BE, meantInstant } from '../instant.ts';
import { analysisDefs, MIN_PLANNED_UNITS } from './analysis-schema.ts';
import { DURATION_MUST_BE, meantDuration } from './duration.ts';
import { metricDefs } from './metric-schema.ts';

type MustBe = readonly [string, readonly [subject: string, wanted: string]];

const METRIC = 'metrics/*';
const CAP = `${METRIC}/cap`;
const PART = `${METRIC}/part`;
const ANALYSIS = 'analysis';
const GUARDRAIL = `${ANALYSIS}/guardrails/*`;

const LETTERS = 'letters, digits and underscores';
const METRIC_NAME = `the name of a metric (${LETTERS})`;
const PATH = `a dotted path of ${LETTERS}`;
const BETWEEN = 'a number between 0 and 1';
const OUTCOMES = 'the name of an outcome, or a list of at least one name';

const { metric } = metricDefs;
const TYPES: readonly string[] = metric.properties.type.enum;

/** The subject and the requirement of the message "… must be …", by kind of place. */
export const METRIC_MUST_BE: readonly MustBe[] = [
  ['metrics', ['metrics', 'a list']],
  [METRIC, ['a metric', 'an object with "name", "type" and "outcome"']],
  [`${METRIC}/type`, ['type', `one of ${TYPES.map((type) => `"${type}"`).join(', ')}`]],
  [`${METRIC}/outcome`, ['outcome', OUTCOMES]],
  [`${METRIC}/numerator`, ['numerator', 'an object with "outcome"']],
  [`${METRIC}/denominator`, ['denominator', 'an object with "outcome"']],
  [`${METRIC}/outcome/*`, ['an outcome', 'its name, a text without control characters']],
  [
    `${METRIC}/value`,
    ['value', `${PATH} of the outcome's properties, such as "value" or "order.total"`],
  ],
  [`${METRIC}/where`, ['where', 'a rule, as a string']],
  [`${METRIC}/window`, ['window', `${DURATION_MUST_BE}, or null`]],
  [`${METRIC}/delay`, ['delay', DURATION_MUST_BE]],
  [CAP, ['cap', 'a quantile between 0 and 1, such as 0.999, { "at": 500 }, or null']],
  [`${CAP}/quantile`, ['quantile', BETWEEN]],
  [`${CAP}/at`, ['at', 'a number above 0']],
  [`${CAP}/ignoreZeros`, ['ignoreZeros', 'true or false']],
  [`${METRIC}/better`, ['better', '"up" or "down"']],
  [`${METRIC}/quantile`, ['quantile', BETWEEN]],
  [`${METRIC}/of`, ['of', '"outcomes" or "units"']],
  [`${METRIC}/ignoreZeros`, ['ignoreZeros', 'true or false']],
  [ANALYSIS, ['analysis', 'an object']],
  [`${ANALYSIS}/control`, ['control', 'the name of a variant']],
  [
    `${ANALYSIS}/variants`,
    ['variants', 'a list of at least two variants, such as ["control", "treatment"]'],
  ],
  [`${ANALYSIS}/variants/*`, ['a compared variant', 'the name of a variant']],
  [`${ANALYSIS}/primary`, ['primary', 'a list of names of metrics']],
  [`${ANALYSIS}/primary/*`, ['a primary metric', METRIC_NAME]],
  [`${ANALYSIS}/secondary`, ['secondary', 'a list of names of metrics']],
  [`${ANALYSIS}/secondary/*`, ['a secondary metric', METRIC_NAME]],
  [`${ANALYSIS}/guardrails`, ['guardrails', 'a list of objects with "metric"']],
  [GUARDRAIL, ['a guardrail', 'an object with "metric" and, if you like, "margin"']],
  [`${GUARDRAIL}/metric`, ['metric', METRIC_NAME]],
  [`${GUARDRAIL}/margin`, ['margin', 'a share above 0 and up to 1, such as 0.01 for 1%']],
  [`${ANALYSIS}/plannedUnits`, ['plannedUnits', `a whole number, ${MIN_PLANNED_UNITS} or more`]],
  [`${ANALYSIS}/until`, ['until', INSTANT_MUST_BE]],
  [`${ANALYSIS}/segments`, ['segments', 'a list of context paths']],
  [`${ANALYSIS}/segments/*`, ['a segment', `${PATH}, such as "user.plan"`]],
];

/** The properties that the schema allows, by kind of place. */
export const METRIC_KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [METRIC, Object.keys(metric.properties)],
  [PART, Object.keys(metricDefs.outcomePart.properties)],
  [CAP, Object.keys(metric.properties.cap.properties)],
  [ANALYSIS, Object.keys(analysisDefs.analysis.properties)],
  [GUARDRAIL, Object.keys(analysisDefs.guardrail.properties)],
];

/** Other words for types. */
const TYPE_WORDS = new Map([
  ['any', 'proportion'],
  ['binary', 'proportion'],
  ['binomial', 'proportion'],
  ['conversion', 'proportion'],
  ['average', 'mean'],
  ['revenue', 'sum'],
  ['total', 'sum'],
  ['median', 'quantile'],
  ['percentile', 'quantile'],
]);

/** Other words for the direction of an improvement. */
const BETTER_WORDS = new Map([
  ['higher', 'up'],
  ['increase', 'up'],
  ['more', 'up'],
  ['lower', 'down'],
  ['decrease', 'down'],
  ['less', 'down'],
]);

/** Returns what a text that is not allowed probably stands for, by kind of place. */
export const METRIC_MEANT: readonly (readonly [string, (text: string) => string | undefined])[] = [
  [`${METRIC}/type`, (text) => TYPE_WORDS.get(text.toLowerCase()) ?? didYouMean(text, TYPES)],
  [`${METRIC}/better`, (text) => BETTER_WORDS.get(text.toLowerCase()) ?? text.toLowerCase()],
  [`${METRIC}/window`, meantDuration],
  [`${METRIC}/delay`, meantDuration],
  [`${ANALYSIS}/until`, meantInstant],
];

/** Properties with the meaning and the messages that they have elsewhere. */
const COMMON = new Set(['name', 'description', 'owner']);

/** The pointer to an analysis: of an experiment, a holdout, or an experiment of a namespace. */
const IN_ANALYSIS =
  /^(?:\/experiments|\/holdouts|\/namespaces\/\d+\/experiments)?\/\d+\/analysis(?=\/|$)/;

/** Returns the kind of place that a pointer leads to; undefined outside metrics and analyses. */
export function metricPlaceOf(path: string): string | undefined {
  const [owner] = IN_ANALYSIS.exec(path) ?? [];
  if (owner !== undefined) return `${ANALYSIS}${starred(path.slice(owner.length))}`;
  const [root, , property = '', inner, ...others] = path.split('/').slice(1);
  if (root !== 'metrics') return undefined;
  if (COMMON.has(property)) return property;
  if (property !== 'numerator' && property !== 'denominator') return starred(path).slice(1);
  if (inner === undefined) return `${METRIC}/${property}`;
  // The parts of both halves are described once.
  return [METRIC, inner, ...others.map(() => '*')].join('/');
}

function starred(path: string): string {
  return path.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}

/** Returns the kind of place whose properties are listed for a pointer. */
export function metricOwnerOf(path: string): string | undefined {
  return /^\/metrics\/\d+\/(?:numerator|denominator)$/.test(path) ? PART : metricPlaceOf(path);
}
