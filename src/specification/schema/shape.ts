import { type BucketCount, FINE_BUCKETS } from '../../hash/bucket.ts';
import { isObject } from '../../options/check-options.ts';
import type { Finding } from '../finding.ts';
import { member } from '../../json/own.ts';
import { pointerTo, valueAt } from '../../json/pointer.ts';
import type { RawAnalysis, RawMetric } from '../metrics/raw-metric.ts';
import type { RawNamespace } from './namespace-shape.ts';
import type { RawHoldout } from './holdout-shape.ts';
import { listNames, quote, showValue } from '../../errors/show-value.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { ExposureMode, SegmentSpec } from '../types.ts';
import type { Steps } from '../../runtime/steps.ts';
import { listOf } from '../note.ts';
import { commonMistakes } from './common-mistakes.ts';
import { knownAt, meantAt, mustBeAt, placeOf } from './places.ts';
import { type ShapeError, shapeErrors } from './validator.generated.ts';

/** A specification that fits the JSON Schema, before its other checks. */
export type ShapedSpecification =
  | RawEntry[]
  | {
      experiments: RawEntry[];
      namespaces?: RawNamespace[];
      segments?: SegmentSpec[];
      holdouts?: RawHoldout[];
      metrics?: RawMetric[];
    };

/** An experiment that fits the JSON Schema, or the shorthand of a switch. */
export type RawEntry = string | RawExperiment;

/** An experiment that fits the JSON Schema, before defaults are filled in. */
export interface RawExperiment {
  name: string;
  identity: string | readonly string[];
  seed?: string | null;
  buckets?: BucketCount;
  variants: { name: string; value?: unknown }[];
  audiences: { rule?: string | null; allocations: { variant: string; percent: number }[] }[];
  schedule?: { at: string; audiences: RawExperiment['audiences'] }[];
  description?: string;
  owner?: string;
  expires?: string;
  exposure?: ExposureMode;
  sticky?: boolean;
  analysis?: RawAnalysis;
}

/** Returns true if data fits the JSON Schema. Checks across fields are in `cross-fields.ts`. */
export function hasShape(data: unknown): data is ShapedSpecification {
  return shapeErrors(data).length === 0;
}

/** The number of entries that are compared with the schema at once: less than a millisecond. */
const ENTRIES = 100;

/** Does the work of {@link hasShape} in steps. Returns the data if it fits, otherwise undefined. */
export function* shapedSteps(data: unknown): Steps<ShapedSpecification | undefined> {
  const entries = Array.isArray(data) ? data : member(data, 'experiments');
  if (!Array.isArray(entries) || entries.length <= ENTRIES || !isJsonObject(data)) {
    return hasShape(data) ? data : undefined;
  }
  if (!Array.isArray(data) && !hasShape({ ...data, experiments: [] })) return undefined;
  for (let i = 0; i < entries.length; i += ENTRIES) {
    yield;
    if (!hasShape(entries.slice(i, i + ENTRIES))) return undefined;
  }
  return data as ShapedSpecification;
}

/** Returns true for a list or a plain object, of which a copy has the same properties. */
function isJsonObject(data: unknown): data is object {
  if (Array.isArray(data)) return true;
  const prototype: unknown = isObject(data) ? Object.getPrototypeOf(data) : undefined;
  return prototype === Object.prototype || prototype === null;
}

/** Returns a finding for every place where data does not fit the JSON Schema. */
export function shapeFindings(data: unknown): Finding[] {
  const mistakes = commonMistakes(data);
  const errors = shapeErrors(data).filter((error) => !isExplained(error, mistakes.explained));
  const misspelt = new Set(errors.flatMap((error) => misspeltProperty(error, data) ?? []));
  const blamed = new Set<string>();
  const others = errors.flatMap((error): Finding[] => {
    const { instancePath: path, keyword, params } = error;
    if (keyword === 'required') {
      const property = String(params.missingProperty);
      if (misspelt.has(pointerTo(path, property))) return [];
      return [{ path, side: 'value', say: () => `the property "${property}" is missing` }];
    }
    if (keyword === 'additionalProperties') {
      const property = String(params.additionalProperty);
      const say = () => unknownProperty(error, data);
      return [{ path: pointerTo(path, property), side: 'key', say }];
    }
    // 150.5 breaks two rules (not whole, above 100), but one message covers both.
    if (blamed.has(path)) return [];
    blamed.add(path);
    if (isInvalidVariant(path, data)) return [];
    return [{ path, side: 'value', say: () => mustBe(path, data) }];
  });
  return [...mistakes.findings, ...others];
}

/** The pointer to the variant of an allocation, of an experiment or of a step of its schedule. */
const ALLOCATED = /^(.*?)(?:\/schedule\/\d+)?\/audiences\/\d+\/allocations\/\d+\/variant$/;

/** Returns true for an allocation of a variant that is declared with the same invalid name. */
function isInvalidVariant(path: string, data: unknown): boolean {
  const [, experiment] = ALLOCATED.exec(path) ?? [];
  if (experiment === undefined) return false;
  const name = valueAt(data, path);
  return listOf(valueAt(data, `${experiment}/variants`)).some(
    (variant) => member(variant, 'name') === name,
  );
}

/** Returns the pointer to the value that is wrong, missing or unknown. */
function placeOfError({ instancePath, keyword, params }: ShapeError): string {
  if (keyword === 'required') return pointerTo(instancePath, String(params.missingProperty));
  return keyword === 'additionalProperties'
    ? pointerTo(instancePath, String(params.additionalProperty))
    : instancePath;
}

/** Returns true if the error is at, or inside, a value that a common mistake explains. */
function isExplained(error: ShapeError, explained: ReadonlySet<string>): boolean {
  if (explained.size === 0) return false;
  let path = placeOfError(error);
  while (!explained.has(path)) {
    if (path === '') return false;
    path = path.slice(0, path.lastIndexOf('/'));
  }
  return true;
}

/** Returns the pointer to the missing property of which the unknown one is a misspelling. */
function misspeltProperty({ instancePath, keyword, params }: ShapeError, data: unknown) {
  if (keyword !== 'additionalProperties') return undefined;
  const meant = meantProperty(instancePath, String(params.additionalProperty), data);
  return meant === undefined ? undefined : pointerTo(instancePath, meant);
}

/** Returns the known property that is closest to a misspelt one. Properties that are set don't count. */
function meantProperty(path: string, property: string, data: unknown): string | undefined {
  const object = valueAt(data, path);
  const known = knownAt(path);
  return didYouMean(
    property,
    known.filter((name) => member(object, name) === undefined),
  );
}

function unknownProperty({ instancePath, params }: ShapeError, data: unknown): string {
  const property = String(params.additionalProperty);
  const meant = meantProperty(instancePath, property, data);
  return meant === undefined
    ? `unknown property ${quote(property)}; known here: ${listNames(knownAt(instancePath))}`
    : `unknown property ${quote(property)}; did you mean "${meant}"?`;
}

function mustBe(path: string, data: unknown): string {
  const value = valueAt(data, path);
  const place = placeOf(path);
  const [subject, wanted] =
    place === 'percent' && isFine(path, data) ? FINE_PERCENT : mustBeAt(place);
  // A list of paths may be too long.
  const isLong = place === 'identity' && Array.isArray(value) && value.length > 0;
  const shown = isLong ? `a list of ${value.length}` : showValue(value);
  const sentence = `${subject} must be ${wanted}, not ${shown}`;
  if (place === 'buckets') return `${sentence}${meantBuckets(value)}`;
  if (typeof value !== 'string') return sentence;
  if (place === '') {
    return `${sentence}; to load a file, use settingsSource(path); to use JSON text, pass JSON.parse(text)`;
  }
  const meant = meantAt(place, value);
  if (meant === undefined || meant === value) return sentence;
  return `${sentence}; did you mean ${typeof meant === 'string' ? quote(meant) : showList(meant)}?`;
}

/** Returns a short list as JSON. */
function showList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`;
}

/** The subject and the requirement of a percent if the experiment has 10,000 buckets. */
const FINE_PERCENT = ['percent', 'a number from 0 to 100'] as const;

/** Returns true for a percent of an experiment or a holdout with 10,000 buckets. */
function isFine(path: string, data: unknown): boolean {
  const [, owner] =
    /^(.*)\/audiences\/\d+\/allocations\/\d+\/percent$/.exec(path) ??
    /^(\/holdouts\/\d+)\/percent$/.exec(path) ??
    [];
  return owner !== undefined && member(valueAt(data, owner), 'buckets') === FINE_BUCKETS;
}

/** Returns the question after the message about a number of buckets that is not allowed. */
function meantBuckets(value: unknown): string {
  const number = typeof value === 'string' ? Number(value.replaceAll(/[\s,._]/g, '')) : value;
  if (typeof number !== 'number' || !(number >= 100)) return '';
  const hint = typeof value === 'string' ? ', without quotes' : '';
  return `; did you mean ${number === 100 ? 100 : FINE_BUCKETS}${hint}?`;
}

/** Returns the value of `context` if it is an object. The schema reports any other value. */
export function declaredContext(data: unknown): object | undefined {
  const schema = Array.isArray(data) ? undefined : member(data, 'context');
  return isObject(schema) ? schema : undefined;
}
