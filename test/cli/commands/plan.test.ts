import { join } from 'node:path';
import { run } from '../../../src/cli/program.ts';
import { removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';
import { FILE, plan, shop, SPECIFICATION, visits } from './plan-fixture.ts';

afterAll(removeProjects);

describe('evenhand plan', () => {
  it('begins with a sentence, and shows the price of looking every day', async () => {
    const { code, out, err } = await plan(
      shop(),
      'checkout --rate 12% --lift 5% --units-per-day 7800',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "About 114,000 units (57,000 in each variant), 15 days at 7,800 new units a day, detect a lift of 5% with a chance of 80%.

      experiment  checkout: control 50% (control), short 50%
      metric      purchase, proportion: 12%
      test        95% confidence, every day, with a planned end

        results are read               units needed  lift detected  power
        once, at the end                     94,066          4.54%  86.9%
      > every day, with a planned end       113,915             5%    80%
        every day, without an end           220,489          6.83%  39.3%

        weeks    units  lift detected
        1       54,600          7.26%
        2      109,200          5.11%
        3      163,800          4.16%
        4      218,400           3.6%
        5      273,000          3.22%
        6      327,600          2.94%
        7      382,200          2.72%

      - 21% more units let you look every day (one look at the end needs 94,066 units); without a planned end, 134% more
      - the planned end is 7 days after the last new unit, when its window has ended
      "
    `);
  });

  it('plans an undeclared mean for a number of units, and finds it too weak', async () => {
    const { code, out } = await plan(shop(), 'prices --mean 12 --sd 30 --units 5_000 --lift 5%');
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "5,000 units (2,500 in each variant) detect a lift of 5% with a chance of 6.41%.

      experiment  prices: off 50% (control), on 50%
      metric      the mean: 12, standard deviation 30
      test        95% confidence, every day, with a planned end

        results are read               units needed  lift detected  power
        once, at the end                     78,489          19.8%  10.9%
      > every day, with a planned end        95,051          21.8%  6.41%
        every day, without an end           181,653          27.4%     1%

      - no audience has both the control and another variant yet; the plan assumes equal shares
      - 21% more units let you look every day (one look at the end needs 78,489 units); without a planned end, 131% more
      - pass the number of new units a day to see how many days the plan takes
      "
    `);
  });

  it('prints the plan as JSON', async () => {
    const { code, out } = await plan(
      shop(),
      'checkout --metric revenue --mean 3 --sd 12 --days 14 --units-per-day 780 --power 90% --look fixed --json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      experiment: 'checkout',
      written: false,
      metric: { name: 'revenue', role: 'secondary' },
      test: { method: 'fixed', targetPower: 0.9, comparisons: 1 },
      units: { total: 10_920, from: 'days' },
    });
  });

  it('writes the units and the end into the file, once', async () => {
    const project = shop();
    const args = 'checkout --rate 12% --lift 20% --units-per-day 780 --write';
    const { code, out } = await plan(project, args);
    expect(code).toBe(0);
    expect(out.slice(out.indexOf('---'))).toMatchInlineSnapshot(`
      "--- experiments.config.json
      +++ experiments.config.json
      @@ -18,5 +18,5 @@
               }
             ],
      -      "analysis": { "primary": ["purchase"] }
      +      "analysis": { "primary": ["purchase"], "plannedUnits": 7554, "until": "2026-12-19T00:00:00Z" }
           },
           {

      written
      "
    `);
    const written = project.read(FILE);
    expect(JSON.parse(written).experiments[1].analysis).toEqual({
      primary: ['purchase'],
      plannedUnits: 7554,
      until: '2026-12-19T00:00:00Z',
    });
    const again = await plan(project, args);
    expect(again.out).toMatch(/the file already has this plan\n$/);
    expect(project.read(FILE)).toBe(written);
  });

  it('measures the baseline from records', async () => {
    const project = shop();
    const text = [...visits().map((line) => JSON.stringify(line)), '{"torn": ', ''].join('\n');
    project.write('records.ndjson', text);
    const args = 'checkout --records records.ndjson --measure-days 14 --lift 10%';
    const { code, out, err } = await plan(project, `${args} --json`);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning .*records\.ndjson: 1 line can't be read and will not count\n$/);
    expect(JSON.parse(out)).toMatchObject({
      baseline: {
        value: 0.3,
        measured: {
          units: 300,
          days: 14,
          until: '2026-11-24T10:00:00Z',
          origin: { outcome: null },
        },
      },
      duration: { unitsPerDay: 300 / 14 },
    });
    const shown = await plan(project, `${args} --entry visit`);
    expect(shown.out).toContain(
      'metric      purchase, proportion: 30% (measured: 300 units of 14 days until 2026-11-24)',
    );
    const none = await plan(project, `${args} --metric revenue`);
    expect([none.code, none.out]).toEqual([2, '']);
    expect(none.err).toContain('metric "revenue" does not vary in these records');
  });

  it('measures the baseline from your own tables, as from the records', async () => {
    const project = shop();
    project.write(
      'records.ndjson',
      visits()
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const table = `read_ndjson('${join(project.path, 'records.ndjson')}')`;
    const unit = `units['user.id'] AS unit, time::TIMESTAMPTZ AS at`;
    const common = ['checkout', '--measure-days', '14', '--lift', '10%', '--json'];
    const { code, out, err } = await plan(project, [
      ...common,
      '--exposures',
      `SELECT 'u' AS unit, now() AS at, 'a' AS variant WHERE false`,
      '--outcomes',
      `SELECT ${unit}, name FROM ${table};`,
    ]);
    expect([code, err]).toEqual([0, '']);
    const files = await plan(project, [...common, '--records', 'records.ndjson']);
    expect(JSON.parse(out)).toEqual(JSON.parse(files.out));
  });

  it('writes a page, but never over the specification', async () => {
    const project = shop();
    const args = 'checkout --rate 12% --lift 5% --html';
    expect((await plan(project, `${args} plan.html`)).code).toBe(0);
    expect(project.read('plan.html')).toContain('<title>Plan of checkout</title>');
    const { code, err } = await plan(project, `${args} ${FILE}`);
    expect([code, err]).toEqual([2, expect.stringContaining('would overwrite the specification')]);
    expect(project.read(FILE)).toBe(SPECIFICATION);
  });

  it('writes an analysis for an experiment that has none', async () => {
    const project = shop();
    const args = 'prices --metric revenue --mean 3 --sd 9 --lift 10%';
    const { code } = await plan(project, `${args} --write --json`);
    expect(code).toBe(0);
    const { analysis } = JSON.parse(project.read(FILE)).experiments[2];
    expect(analysis).toEqual({ primary: ['revenue'], plannedUnits: expect.any(Number) });
    // Everything else is unchanged.
    const lines = project.read(FILE).split('\n');
    const added = lines.filter((line) => !SPECIFICATION.includes(line.replace(/,$/, '')));
    expect(added).toHaveLength(1);
  });

  it.each([
    ['checkout --lift 5%', 'give the baseline: --rate, or --mean and --sd, or --records'],
    ['checkout --rate 1% --mean 1 --sd 1', 'give only one baseline'],
    ['checkout --rate 1% --engine postgres', 'give only one baseline'],
    ['checkout --engine postgres --records x.ndjson', 'reads tables, not files'],
    ['checkout --engine duckdb', 'no records are named'],
    ['checkout --exposures x', '--exposures and --outcomes belong together'],
    ['checkout --mean 1', '--mean and --sd belong together'],
    ['checkout --rate 12 --lift 5%', 'not "12"; did you mean 12%?'],
    ['checkout --rate 12% --lift five', '--lift takes a percent such as 5%, not "five"'],
    ['checkout --rate 12% --units 1.5', '--units takes a whole number'],
    ['checkout --rate 12% --days x', '--days takes a number, not "x"'],
    ['checkout --rate 12% --lift 5% --write --html no/plan.html', 'its directory does not exist'],
    ['checkout --records none.ndjson --lift 5%', 'none.ndjson'],
    ['checkout --rate 12%', 'give the lift to detect, the number of units, or the days'],
    ['chekout --rate 12% --lift 5%', 'did you mean "checkout"?'],
    ['banner --rate 12% --lift 5% --write', '"banner" is a switch in shorthand'],
    ['checkout --rate 12% --lift 900% --write', '--write needs a number of units'],
  ])('refuses %j', async (args, message) => {
    const project = shop();
    const { code, out, err } = await plan(project, args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(project.read(FILE)).toBe(SPECIFICATION);
  });

  it('can not write to standard input', async () => {
    const host = testHost({ cwd: shop().path, stdin: SPECIFICATION });
    await run(['plan', 'checkout', '--rate', '9%', '--lift', '9%', '--write', '--file', '-'], host);
    expect([host.exitCode(), host.out()]).toEqual([2, '']);
    expect(host.err()).toContain("can't write the change to (standard input)");
  });
});
