// cspell:ignore unaborted
import { Client } from 'pg';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { migratePostgres } from '../../../src/integrations/postgres/migrate.ts';
import { postgresSink } from '../../../src/integrations/postgres/sink/postgres-sink.ts';
import { closing } from '../../closing.ts';
import { unaborted } from '../../exposures/sinks/records.ts';
import { describeWithPostgres, Postgres } from '../../servers/postgres.ts';
import { removeProjects } from '../project.ts';
import { plan, shop, visits } from './plan-fixture.ts';

describeWithPostgres('evenhand plan with a server', (bin) => {
  let server: Postgres;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
    const client = closing(new Client({ connectionString: server.url() }));
    await client.connect();
    await migratePostgres({ client });
    const records = visits().map((visit, i) => ({
      ...visit,
      id: `01a27300-0000-7000-8000-${String(i).padStart(12, '0')}`,
    }));
    await postgresSink({ client }).write(records as EventRecord[], unaborted());
    await client.end();
  });

  afterAll(async () => {
    await server.stop();
    removeProjects();
  });

  const args = ['checkout', '--measure-days', '14', '--lift', '10%', '--json'];

  it('measures the baseline from the table of the sink and from your own, as from files', async () => {
    const project = shop();
    project.write(
      'records.ndjson',
      visits()
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const files = await plan(project, [...args, '--records', 'records.ndjson']);
    const postgres = ['--engine', 'postgres', '--url', server.url()];
    const stored = await plan(project, [...args, ...postgres]);
    const own = await plan(project, [
      ...args,
      ...postgres,
      '--exposures',
      'SELECT unit, time AS at, variant FROM evenhand_exposures',
      '--outcomes',
      'SELECT unit, time AS at, name FROM evenhand_outcomes',
    ]);
    expect([stored.code, stored.err, own.code, own.err]).toEqual([0, '', 0, '']);
    const read = (text: string): unknown =>
      JSON.parse(text, (_, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(12)) : value,
      );
    expect(read(stored.out)).toEqual(read(files.out));
    expect(read(own.out)).toEqual(read(files.out));
  });

  it('says which table is missing', async () => {
    const postgres = ['--engine', 'postgres', '--url', server.url(), '--schema', 'nowhere'];
    const { code, out, err } = await plan(shop(), [...args, ...postgres]);
    expect([code, err]).toEqual([2, '']);
    expect(JSON.parse(out)).toMatchObject({
      error: {
        message: expect.stringContaining('relation "nowhere.evenhand_records" does not exist'),
      },
    });
  });
});
