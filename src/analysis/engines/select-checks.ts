import { isObject, type OptionCheck } from '../../options/check-options.ts';

/** The most characters of a SELECT that a user gives. */
const MAX_SQL = 1_000_000;

/** The most columns of such a SELECT. */
const MAX_COLUMNS = 1000;

/** The check of an option that holds `RecordSources`. */
export const recordSourcesCheck: OptionCheck = {
  expected: `two SELECTs, each with at most ${MAX_COLUMNS} columns: { exposures: { sql: "SELECT ...", columns: ["id", ...] }, outcomes: { ... } }`,
  accepts: (value) =>
    isObject(value) &&
    isSelect(value['exposures']) &&
    isSelect(value['outcomes']) &&
    (value['combined'] === undefined || isSelect(value['combined'])),
};

function isSelect(value: unknown): boolean {
  return (
    isObject(value) &&
    isSql(value['sql']) &&
    Array.isArray(value['columns']) &&
    value['columns'].length <= MAX_COLUMNS &&
    value['columns'].every(isColumn)
  );
}

function isSql(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_SQL &&
    !value.includes('\0')
  );
}

function isColumn(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}
