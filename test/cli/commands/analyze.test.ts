import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../../src/analysis/result/result.ts';
import { type Project, removeProjects } from '../project.ts';
import { analysisProject, analyzeIn } from './analyze-fixture.ts';

afterAll(removeProjects);

describe('evenhand analyze', () => {
  let project: Project;
  beforeAll(() => {
    project = analysisProject();
  });

  const records = ['--records', '*.ndjson.gz'];
  const analyze = (args: readonly string[], more = {}) => analyzeIn(project, args, more);

  async function resultOf(args: readonly string[]): Promise<Result> {
    const { out } = await analyze([...args, '--json']);
    return JSON.parse(out) as Result;
  }

  const armOf = ({ metrics }: Result, metric: string, variant: string) =>
    metrics.find(({ name }) => name === metric)?.arms.find((arm) => arm.variant === variant);

  it('prints the verdict, the split and the metrics', async () => {
    const { out, err, code } = await analyze(['checkout', ...records]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('checkout');
    expect(out).toMatch(/^buyers, short +13\.49% +17\.76% .*better/m);
    expect(out).toMatch(/^buyers, express +13\.49% +14\.52% .*not decided/m);
    expect(out).toMatch(/Guardrail/);
  });

  it('finds the counts and means of the reference', async () => {
    const result = await resultOf(['checkout', ...records]);
    expect(result.status).toBe('ok');
    expect(result.units.byVariant).toEqual({ control: 2766, short: 2584, express: 2590 });
    expect(result.units.mixed).toBe(60);
    expect(armOf(result, 'buyers', 'control')).toMatchObject({ n: 2766, numerator: 373 });
    expect(armOf(result, 'buyers', 'short')?.value).toBeCloseTo(0.17763157894736842, 9);
  });

  it('exits with 1 and hides the results if the split is off', async () => {
    const { out, code } = await analyze(['signup_form', ...records, '--metric', 'signups']);
    expect(code).toBe(1);
    expect(out).toContain('split is off');
    expect(out).toContain('Look for:');
    expect(out).not.toMatch(/\bbetter\b|\bworse\b|[+−]\d+\.\d%/);
  });

  it('writes a page, and prints the text too', async () => {
    const { out, code } = await analyze(['checkout', ...records, '--html', 'out.html']);
    expect(code).toBe(0);
    expect(out).toContain('buyers, short');
    const page = project.read('out.html');
    expect(page).toContain('<title>Result of checkout</title>');
    expect(page).toContain('Cumulative difference, day by day');
    expect(page).toContain('The statement');
  });

  it('leaves the time line out of the page with --no-time-line', async () => {
    await analyze(['checkout', ...records, '--html', 'short.html', '--no-time-line']);
    expect(project.read('short.html')).not.toContain('Cumulative difference');
  });

  it('prints Markdown', async () => {
    const { out, code } = await analyze(['checkout', ...records, '--markdown']);
    expect(code).toBe(0);
    expect(out).toMatch(/^### 🟢 checkout\n/);
    expect(out).toContain('| buyers, short | 13.49% | 17.76% |');
  });

  it('takes the options of the analysis', async () => {
    const words =
      '--metric refunded --segment user.plan --control short --mixed first --confidence 99% ' +
      '--planned-units 20000 --until 2027-02-01 --no-cuped --time-line';
    const result = await resultOf(['checkout', ...records, ...words.split(' ')]);
    expect(result.metrics.map(({ name }) => name)).toEqual(['refunded']);
    expect(result.control).toBe('short');
    expect(result.units.mixedTreatment).toBe('first');
    expect(result.look.confidence).toBe(0.99);
    expect(result.look.plannedUnits).toBe(20_000);
    expect(result.period.until).toBe('2027-02-01T00:00:00Z');
    expect(result.metrics[0]?.cuped.used).toBe(false);
    expect(new Set(result.segments.map(({ value }) => value))).toEqual(new Set(['pro', 'free']));
    expect(result.timeLine.length).toBeGreaterThan(0);
  });

  it('says that there is no data for another checksum', async () => {
    const { out, code } = await analyze(['checkout', ...records, '--checksum', '0'.repeat(16)]);
    expect(code).toBe(0);
    expect(out).toContain('0 units');
  });

  it('adds up the rows of several files', async () => {
    const rows = [
      'kind,name,value,variant,mixed,units,m1_n,m1_y,m1_yy',
      'total,,,control,0,400,400,0.1,0.0902255639',
      'total,,,short,0,410,410,0.1,0.0902200489',
      'total,,,express,0,390,390,0.1,0.0902313625',
    ].join('\n');
    for (const file of ['a.csv', 'b.csv']) project.write(file, rows);
    const args = ['checkout', '--metric', 'buyers', '--no-cuped', '--rows'];
    const one = await resultOf([...args, 'a.csv']);
    const two = await resultOf([...args, 'a.csv', 'b.csv']);
    expect(one.units.total).toBe(1200);
    expect(two.units.byVariant).toEqual({ control: 800, short: 820, express: 780 });
    expect(armOf(two, 'buyers', 'control')?.value).toBeCloseTo(0.1, 9);
  });

  it('reads your own tables', async () => {
    const own = [
      '--exposures',
      `SELECT unit, time::TIMESTAMPTZ AS at, variant, overridden FROM read_json('${join(project.path, 'checkout.ndjson.gz')}', format = 'newline_delimited', columns = {unit: 'VARCHAR', time: 'VARCHAR', variant: 'VARCHAR', overridden: 'BOOLEAN', event: 'VARCHAR', experiment: 'VARCHAR'}) WHERE event = 'exposure' AND experiment = 'checkout'`,
      '--outcomes',
      `SELECT units['user.id'] AS unit, time::TIMESTAMPTZ AS at, name FROM read_json('${join(project.path, 'checkout.ndjson.gz')}', format = 'newline_delimited', columns = {units: 'MAP(VARCHAR, VARCHAR)', time: 'VARCHAR', name: 'VARCHAR', event: 'VARCHAR'}) WHERE event = 'outcome'`,
    ];
    const result = await resultOf(['checkout', ...own, '--metric', 'buyers']);
    expect(armOf(result, 'buyers', 'control')?.n).toBeGreaterThan(2700);
  });

  it('names the column that your own table lacks', async () => {
    const tables = ['--exposures', 'SELECT 1 AS unit', '--outcomes', 'SELECT 1 AS unit'];
    const { err, code } = await analyze(['checkout', ...tables]);
    expect(code).toBe(2);
    expect(err).toContain('--exposures has no column "at"');
  });

  it('reports files that do not exist', async () => {
    const { err, code } = await analyze(['checkout', '--records', 'nothing*.ndjson']);
    expect(code).toBe(2);
    expect(err).toContain('nothing*.ndjson');
  });

  it('stops at Ctrl-C', async () => {
    const before = (host: { interrupt(): void }) => host.interrupt();
    const { code, err, out } = await analyze(['checkout', ...records, '--html', 'no.html'], {
      before,
    });
    expect(code).toBe(130);
    expect(err + out).not.toBe('');
    expect(existsSync(join(project.path, 'no.html'))).toBe(false);
  });

  it('shows progress on a terminal, and removes it', async () => {
    let ms = 0;
    const now = () => new Date(Date.parse('2027-03-22T00:00:00Z') + (ms += 2000));
    const { err } = await analyze(['checkout', ...records], { isTTY: true, now });
    expect(err).toContain('analyzing');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});
