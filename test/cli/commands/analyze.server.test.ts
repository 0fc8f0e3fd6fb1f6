import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import type { Result } from '../../../src/analysis/result/result.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { unaborted } from '../../exposures/sinks/records.ts';
import { migratePostgres } from '../../../src/integrations/postgres/migrate.ts';
import { postgresSink } from '../../../src/integrations/postgres/sink/postgres-sink.ts';
import { closing } from '../../closing.ts';
import { describeWithPostgres, Postgres } from '../../servers/postgres.ts';
import { type Project, removeProjects } from '../project.ts';
import { analysisProject, analyzeIn } from './analyze-fixture.ts';

/** The number of records that are written at once. */
const BATCH = 2000;

describeWithPostgres('evenhand analyze with a server', (bin) => {
  let server: Postgres;
  let project: Project;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
    project = analysisProject();
    const client = closing(new Client({ connectionString: server.url() }));
    await client.connect();
    await migratePostgres({ client });
    const sink = postgresSink({ client });
    const text = gunzipSync(readFileSync(join(project.path, 'checkout.ndjson.gz'))).toString();
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as EventRecord);
    for (let i = 0; i < records.length; i += BATCH) {
      await sink.write(records.slice(i, i + BATCH), unaborted());
    }
    await client.end();
  });

  afterAll(async () => {
    await server.stop();
    removeProjects();
  });

  const postgres = () => ['checkout', '--engine', 'postgres', '--url', server.url()];

  it('reads the table of the sink, with the result of the files', async () => {
    const ran = await analyzeIn(project, [...postgres(), '--json']);
    expect([ran.code, ran.err]).toEqual([0, '']);
    const { units, metrics } = JSON.parse(ran.out) as Result;
    expect(units.byVariant).toEqual({ control: 2766, short: 2584, express: 2590 });
    const arm = metrics[0]?.arms.find(({ variant }) => variant === 'short');
    expect(arm).toMatchObject({ n: 2584, numerator: 459 });
  });

  it('reads your own tables', async () => {
    const own = [
      '--exposures',
      "SELECT unit, time AS at, variant, overridden FROM evenhand_exposures WHERE experiment = 'checkout';",
      '--outcomes',
      'SELECT unit, time AS at, name FROM evenhand_outcomes',
    ];
    const { out, err } = await analyzeIn(project, [...postgres(), ...own, '--metric', 'buyers']);
    expect(err).toBe('');
    expect(out).toMatch(/^buyers, short +\d+\.\d\d% +\d+\.\d\d%/m);
  });

  it('runs the statement of --sql, whose rows --rows takes', async () => {
    const { out: sql } = await analyzeIn(project, ['checkout', '--sql', 'postgres']);
    const client = closing(new Client({ connectionString: server.url() }));
    await client.connect();
    const { rows } = await client.query<object>(sql).finally(() => client.end());
    project.write('rows.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { out, code } = await analyzeIn(project, ['checkout', '--rows', 'rows.ndjson', '--json']);
    expect(code).toBe(0);
    const { units } = JSON.parse(out) as Result;
    expect(units.byVariant).toEqual({ control: 2766, short: 2584, express: 2590 });
  });

  it('reports a database that it can’t reach, and SQL that is wrong', async () => {
    const away = ['checkout', '--engine', 'postgres', '--url', 'postgres://127.0.0.1:1/x'];
    const unreachable = await analyzeIn(project, away);
    expect([unreachable.code, unreachable.err]).toEqual([
      2,
      expect.stringContaining("can't connect to PostgreSQL"),
    ]);
    const wrong = ['--exposures', 'SELEC 1', '--outcomes', 'SELECT 1'];
    const { code, err } = await analyzeIn(project, [...postgres(), ...wrong]);
    expect(code).toBe(2);
    expect(err).toContain('PostgreSQL');
  });
});
