import { own } from '../../json/own.ts';
import type { CapSpec, MetricSpec, MetricType, OutcomePart } from '../metric-types.ts';
import { readDuration } from './duration.ts';
import type { RawMetric, RawOutcomePart } from './raw-metric.ts';

/** The window of a metric that does not set one. */
const DEFAULT_WINDOW = '7d';

/** The cap of counts and sums: 0.99 would cut most of the revenue if a tenth of the units buys. */
const DEFAULT_CAP = 0.999;

/** The types with a cap by default: a few huge values can hide every effect on them. */
const CAPPED: ReadonlySet<MetricType> = new Set(['count', 'sum']);

/** Returns a valid metric in its final form: complete, with all defaults, and frozen. */
export function toMetric(raw: RawMetric): MetricSpec {
  const { name, type } = raw;
  const numerator = own(raw, 'numerator');
  const denominator = own(raw, 'denominator');
  const parts = [numerator, denominator].filter((part) => part !== undefined).map(toPart);
  const [upper, lower] = parts;
  const quantile = own(raw, 'quantile');
  const isOfUnits = own(raw, 'of') === 'units';
  const window = own(raw, 'window');
  const description = own(raw, 'description');
  const owner = own(raw, 'owner');
  return Object.freeze({
    name,
    type,
    ...(upper === undefined
      ? toPart({ outcome: own(raw, 'outcome') ?? [], ...partOf(raw) })
      : { outcomes: Object.freeze([...new Set(parts.flatMap(({ outcomes }) => outcomes))]) }),
    delayMs: readDuration(own(raw, 'delay') ?? '0m') ?? 0,
    windowMs: window === null ? null : (readDuration(window ?? DEFAULT_WINDOW) ?? null),
    cap: toCap(own(raw, 'cap'), type),
    better: own(raw, 'better') ?? 'up',
    ...(upper !== undefined && { numerator: upper }),
    ...(lower !== undefined && { denominator: lower }),
    ...(quantile !== undefined && { quantile }),
    ...(type === 'quantile' && { of: isOfUnits ? ('units' as const) : ('outcomes' as const) }),
    ...(type === 'quantile' && isOfUnits && { ignoreZeros: own(raw, 'ignoreZeros') ?? false }),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
  });
}

function partOf(raw: Partial<RawOutcomePart>): Pick<RawOutcomePart, 'value' | 'where'> {
  const value = own(raw, 'value');
  const where = own(raw, 'where');
  return { ...(value !== undefined && { value }), ...(where !== undefined && { where }) };
}

function toPart(raw: RawOutcomePart): OutcomePart {
  const { outcome } = raw;
  const outcomes = typeof outcome === 'string' ? [outcome] : [...outcome];
  return Object.freeze({ outcomes: Object.freeze(outcomes), ...partOf(raw) });
}

function toCap(raw: RawMetric['cap'], type: MetricType): CapSpec | null {
  const cap = raw === undefined && CAPPED.has(type) ? DEFAULT_CAP : raw;
  if (cap === undefined || cap === null) return null;
  if (typeof cap === 'number') return Object.freeze({ quantile: cap, ignoreZeros: false });
  const at = own(cap, 'at');
  if (at !== undefined) return Object.freeze({ at });
  const quantile = own(cap, 'quantile') ?? DEFAULT_CAP;
  return Object.freeze({ quantile, ignoreZeros: own(cap, 'ignoreZeros') ?? false });
}
