import { DIALECTS } from '../../../src/analysis/engine.ts';
import { momentStatement } from '../../../src/analysis/sql/moment-statement.ts';
import { metricSpec, planOf, present, readReference } from './reference.ts';

const experiment = readReference().checkout;
const SOURCES = {
  exposures: { sql: 'SELECT * FROM exposures', columns: ['id', 'checksum', 'audience', 'context'] },
  outcomes: { sql: 'SELECT * FROM outcomes', columns: ['id', 'properties'] },
};
const PLAN = planOf(
  experiment,
  [
    {
      ...metricSpec(present(experiment.quantiles).metric),
      cap: { quantile: 0.999, ignoreZeros: false },
      where: 'currency == "EUR" and not order.express == True',
    },
    { ...metricSpec(present(experiment.quantiles).metric), type: 'quantile', quantile: 0.9 },
  ],
  { segments: ['user.plan'], preMs: 28 * 86_400_000 },
);

describe('the statement', () => {
  it.each(['trino', 'bigquery', 'snowflake'] as const)('is as reviewed for %s', (dialect) => {
    expect(momentStatement(PLAN, dialect, SOURCES)).toMatchSnapshot();
  });

  it.each(DIALECTS)('keeps hostile names in literals for %s', (dialect) => {
    const name = `a'b"c\`d\\e--f/*g\0h\nINJECTED\uD800`;
    const plan = {
      ...planOf(experiment, [
        { ...metricSpec(present(experiment.quantiles).metric), outcomes: [name] },
      ]),
      experiment: name,
      segments: [name],
    };
    const sql = momentStatement(plan, dialect, SOURCES);
    expect(sql).not.toMatch(/[\0\uD800]/u);
    expect(withoutLiterals(sql, dialect)).not.toMatch(/--|\/\*|INJECTED|[\\`]/);
  });
});

/** Removes literals, as a database would read them. */
function withoutLiterals(sql: string, dialect: (typeof DIALECTS)[number]): string {
  const hasBackslash = ['clickhouse', 'spark', 'bigquery', 'snowflake'].includes(dialect);
  const literal = hasBackslash ? /'(?:[^'\\]|\\.)*'/gs : /E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'/gs;
  return sql.replace(literal, '');
}
