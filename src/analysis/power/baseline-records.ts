import { quote } from '../../errors/show-value.ts';
import type { RecordSelect, RecordSources } from '../engine.ts';
import type { SqlDialect } from '../sql/dialects/sql-dialect.ts';
import { nested, recordColumns } from '../sql/stages/record-columns.ts';

/** The origin of the units of a baseline. */
export type UnitOrigin =
  /** The exposures of an experiment. */
  | { readonly experiment: string }
  /** Outcomes alone: of one name, or null for any. */
  | { readonly outcome: string | null };

/** The units whose first record is in a period. */
export interface BaselineUnits {
  readonly origin: UnitOrigin;
  /** Only records with this identity path count, if the records have one. */
  readonly identity: string;
  /** In milliseconds since 1970; the end is not included. */
  readonly from: number;
  readonly end: number;
}

/** The only variant of a baseline. */
export const EVERYONE = 'everyone';

/**
 * Returns sources whose exposures are one for each unit: its first exposure or outcome in a period. It is the
 * moment at which an experiment that began with the period would have met the unit.
 */
export function baselineSources(
  { exposures, outcomes }: RecordSources,
  units: BaselineUnits,
  dialect: SqlDialect,
): RecordSources {
  const isExposure = 'experiment' in units.origin;
  return { exposures: firstOf(isExposure ? exposures : outcomes, units, dialect), outcomes };
}

function firstOf(select: RecordSelect, units: BaselineUnits, dialect: SqlDialect): RecordSelect {
  const { origin, identity, from, end } = units;
  const columns = recordColumns(select, dialect);
  const equals = (column: string, value: string): string =>
    `${columns.text(column)} = ${dialect.text(value)}`;
  const isExposure = 'experiment' in origin;
  const where = [
    'r.unit IS NOT NULL',
    `r.at >= ${dialect.time(from)}`,
    `r.at < ${dialect.time(end)}`,
    ...(columns.has('identity') ? [equals('identity', identity)] : []),
    ...(isExposure && columns.has('experiment') ? [equals('experiment', origin.experiment)] : []),
    ...(isExposure && columns.has('overridden') ? [`NOT ${columns.isTrue('overridden')}`] : []),
    ...(isExposure && columns.has('cut') ? [`NOT ${columns.isTrue('cut')}`] : []),
    ...(!isExposure && origin.outcome !== null ? [equals('name', origin.outcome)] : []),
  ];
  const unit = columns.text('unit');
  return {
    sql:
      `SELECT ${unit} AS unit, min(r.at) AS at, ${dialect.text(EVERYONE)} AS variant\n` +
      `FROM ${nested(select)}\nWHERE ${where.join(' AND ')}\nGROUP BY ${unit}`,
    columns: [],
  };
}

/** Describes the origin of units: `exposures of "checkout"`. */
export function originText(origin: UnitOrigin): string {
  if ('experiment' in origin) return `exposures of ${quote(origin.experiment)}`;
  return origin.outcome === null ? 'outcomes' : `outcomes ${quote(origin.outcome)}`;
}
