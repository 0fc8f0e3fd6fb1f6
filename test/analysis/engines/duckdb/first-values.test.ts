import { DuckDBInstance } from '@duckdb/node-api';
import { dialectOf } from '../../../../src/analysis/sql/dialects/dialect-of.ts';

/** Each unit has four rows of one time, far apart, whose two values belong together. */
const ROWS = `SELECT i % 50000 AS unit, 7 AS t, i // 50000 AS variant,
  'segment ' || (i // 50000) AS segment, CAST(i AS VARCHAR) AS id FROM range(200000) AS r(i)`;

const COLUMNS = [
  { name: 'variant', type: 'integer' },
  { name: 'segment', type: 'text' },
] as const;

describe('the first of several rows', () => {
  it.each([undefined, 'id'])('has all its values from one row, with the key %s', async (id) => {
    const { aggregates, fields } = dialectOf('duckdb').firstValues(COLUMNS, 't', id);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(`
      SELECT count(*) AS units, count(*) FILTER ('segment ' || variant <> segment) AS torn
      FROM (
        SELECT ${fields[0]} AS variant, ${fields[1]} AS segment
        FROM (SELECT unit, ${aggregates.join(', ')} FROM (${ROWS}) GROUP BY unit)
      )`);
    expect(reader.getRowObjectsJson()).toEqual([{ units: '50000', torn: '0' }]);
    connection.closeSync();
  });
});
