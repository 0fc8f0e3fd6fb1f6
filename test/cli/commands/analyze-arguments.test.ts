import { makeProject, removeProjects } from '../project.ts';
import { analyzeIn, BOTH, CHECKOUT, METRICS, SIGNUP_FORM } from './analyze-fixture.ts';

afterAll(removeProjects);

/** Runs `evenhand analyze` in a project without records. */
async function analyze(args: readonly string[], specification: object = BOTH, files = {}) {
  const text = JSON.stringify(specification);
  return analyzeIn(makeProject({ 'experiments.config.json': text, ...files }), args);
}

describe('evenhand analyze without metrics', () => {
  it('shows how to declare them', async () => {
    const { err, code } = await analyze(['--records', 'x'], { experiments: [SIGNUP_FORM] });
    expect(code).toBe(2);
    expect(err).toMatchSnapshot();
  });

  it('shows lines that make the specification valid', async () => {
    const { err } = await analyze(['--records', 'x'], { experiments: [SIGNUP_FORM] });
    const lines = err.split('\n').filter((line) => line.startsWith('  '));
    const [metrics, analysis] = [lines.slice(0, -1).join('\n'), lines.at(-1)];
    const added = JSON.parse(`{ "experiments": [], ${metrics} }`) as object;
    const declared = JSON.parse(`{ ${analysis} }`) as object;
    const { code, out } = await analyze(['--sql'], {
      ...added,
      experiments: [{ ...SIGNUP_FORM, ...declared }],
    });
    expect(code).toBe(0);
    expect(out).toContain('purchase');
  });
});

describe('evenhand analyze without a name', () => {
  it('takes the only experiment with an analysis', async () => {
    const { out, code } = await analyze(['--sql']);
    expect(code).toBe(0);
    expect(out).toContain("'checkout'");
  });

  it('takes the only experiment', async () => {
    const { out } = await analyze(['--sql'], { experiments: [SIGNUP_FORM], metrics: METRICS });
    expect(out).toContain("'signup_form'");
  });

  it('lists the experiments with an analysis if there are several', async () => {
    const other = { ...CHECKOUT, name: 'cart' };
    const { err, code } = await analyze(['--sql'], { ...BOTH, experiments: [CHECKOUT, other] });
    expect(code).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(
      'has 2 experiments with an "analysis"; name one of them: checkout, cart',
    );
  });

  it('reports a file without experiments', async () => {
    const { err, code } = await analyze(['--sql'], { experiments: [], metrics: METRICS });
    expect(code).toBe(2);
    expect(err).toContain('has no experiments to analyze');
  });
});

describe('evenhand analyze --sql', () => {
  const dialects = ['duckdb', 'postgres', 'clickhouse', 'spark', 'trino', 'bigquery', 'snowflake'];

  it.each(dialects)('prints one read-only statement in the dialect %s', async (dialect) => {
    const { out, code, err } = await analyze(['checkout', '--sql', dialect]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^WITH\b/);
    expect(out).not.toMatch(/;|\b(INSERT|UPDATE|DELETE|CREATE|DROP)\b/);
    expect(out).toContain(dialect === 'postgres' ? 'evenhand_records' : 'evenhand_exposures');
  });

  it('reads the SELECTs that are given, also from files', async () => {
    const { out } = await analyze(
      ['checkout', '--sql', 'duckdb', '--exposures', '@e.sql', '--outcomes', 'SELECT 2 AS unit;'],
      BOTH,
      { 'e.sql': 'SELECT 1 AS unit\n;\n' },
    );
    expect(out).toContain('SELECT 1 AS unit');
    expect(out).toContain('SELECT 2 AS unit');
    expect(out).not.toContain(';');
  });

  it('keeps the options that say what is analysed', async () => {
    const plain = (await analyze(['checkout', '--sql'])).out;
    const variants = [
      ['--metric', 'buyers'],
      ['--segment', 'user.plan'],
      ['--checksum', '0123456789abcdef'],
      ['--from', '2027-01-20'],
      ['--until', '2027-02-01'],
      ['--mature'],
      ['--no-cuped'],
      ['--cuped', '14d'],
      ['--max-outcomes', '1e3'],
      ['--no-merge'],
      ['--time-line'],
    ];
    for (const args of variants) {
      const { out, code } = await analyze(['checkout', '--sql', ...args]);
      expect([args[0], code]).toEqual([args[0], 0]);
      expect([args[0], out === plain]).toEqual([args[0], false]);
    }
  });
});

describe('evenhand analyze with invalid arguments', () => {
  it.each([
    [['checkot', '--sql'], 'did you mean "checkout"'],
    [['checkout'], 'no records are named'],
    [['checkout', '--records', 'x', '--confidence', '20'], 'above 50 and below 100'],
    [['checkout', '--records', 'x', '--cuped', '4 weeks'], 'a duration such as'],
    [['checkout', '--records', 'x', '--max-outcomes', '-3'], '--max-outcomes takes'],
    [['checkout', '--records', 'x', '--planned-units', 'many'], '--planned-units takes'],
    [['checkout', '--records', 'x', '--timeout', '0'], '--timeout takes'],
    [['checkout', '--records', 'x', '--mixed', 'both'], 'Allowed choices are drop, first'],
    [['checkout', '--records', 'x', '--engine', 'mysql'], 'Allowed choices are duckdb, postgres'],
    [['checkout', '--records', 'x', '--engine', 'postgres'], 'reads tables, not files'],
    [['checkout', '--records', 'x', '--url', 'postgres://x'], 'need --engine postgres'],
    [['checkout', '--sql', '--markdown'], 'cannot be used with'],
    [['checkout', '--sql', '--rows', 'x'], 'cannot be used with'],
    [['checkout', '--sql', 'mysql'], 'Allowed choices are duckdb'],
    [['checkout', '--sql', '--segment', 'a b'], 'is not a context path'],
    [['checkout', '--sql', '--metric', 'buyer'], 'did you mean "buyers"'],
    [['checkout', '--sql', '--control', 'shor'], 'did you mean "short"'],
    [['checkout', '--sql', '--until', 'yesterday'], 'until must be'],
    [['checkout', '--sql', '--exposures', 'SELECT 1'], 'belong together'],
    [['checkout', '--sql', '--exposures', ' ', '--outcomes', 'SELECT 1'], '--exposures takes'],
    [['checkout', '--records', 'x', '--exposures', 'a', '--outcomes', 'b'], 'pass either'],
    [['checkout', '--records', 'x', '--html', 'no/x.html'], 'directory does not exist'],
    [['checkout', '--records', 'x', '--html', 'experiments.config.json'], 'would overwrite'],
    [['checkout', '--rows', 'missing.csv'], 'missing.csv'],
  ])('refuses %j', async (args, message) => {
    const { err, out, code } = await analyze(args);
    expect(code).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(out).toBe('');
  });

  it('prints errors as JSON with --json', async () => {
    const { out, code } = await analyze(['checkout', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'option' } });
  });

  it('names the file of rows that can’t be read', async () => {
    const files = { 'bad.ndjson': '{"kind": 1}\nnothing' };
    const { err, code } = await analyze(['checkout', '--rows', 'bad.ndjson'], BOTH, files);
    expect(code).toBe(2);
    expect(err).toContain('bad.ndjson: line 2');
  });
});
