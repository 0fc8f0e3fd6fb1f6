import { mkdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/cli/program.ts';
import { MIGRATIONS } from '../../../src/integrations/postgres/migrations.generated.ts';
import { describeWithPostgres, Postgres } from '../../servers/postgres.ts';
import { makeProject, type Project, removeProjects } from '../project.ts';
import { ROOT, runCli } from '../run-cli.ts';
import { testHost } from '../test-host.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Creates a project with or without the package. */
function projectWith(files: Readonly<Record<string, unknown>>, pg = true): Project {
  const project = makeProject(
    Object.fromEntries(Object.entries(files).map(([name, data]) => [name, JSON.stringify(data)])),
  );
  if (!pg) return project;
  mkdirSync(join(project.path, 'node_modules'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/pg'), join(project.path, 'node_modules/pg'));
  return project;
}

async function evenhand(
  args: readonly string[],
  { path }: Project,
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<Ran> {
  const host = testHost({ cwd: path, env, stdin });
  await run(['postgres', ...args], host);
  return { code: host.exitCode(), out: host.out(), err: host.err() };
}

afterAll(removeProjects);

describe('evenhand postgres', () => {
  it('explains how to install pg', async () => {
    // Runs in a child process, because Jest would resolve the package itself.
    const files = { 'node_modules/pg/package.json': { name: 'pg', main: 'gone.js' } };
    const { path } = projectWith(files, false);
    expect(
      await runCli(['postgres', 'list', '--url', 'postgres://127.0.0.1:1/'], { cwd: path }),
    ).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error this command needs the package pg, which is not installed; run npm install pg\n',
    });
  });

  it.each([
    ['no server listens', 'postgres://ada:s3cret@127.0.0.1:1/shop', 'ECONNREFUSED'],
    ['the address is invalid', 'postgres://ada:s3cret@[/shop', ''],
  ])('reports a failed connection without the password if %s', async (_what, url, reason) => {
    for (const [args, env] of [
      [['--url', url], {}],
      [[], { DATABASE_URL: url }],
    ] as const) {
      const { code, out } = await evenhand(['list', '--json', ...args], projectWith({}), env);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({
        error: { code: 'store', message: expect.stringContaining("can't connect to PostgreSQL") },
      });
      expect(out).toContain(reason);
      expect(out).not.toContain('s3cret');
    }
  });

  it('prints the SQL without a database', async () => {
    const { code, out } = await evenhand(['migrate', '--print'], projectWith({}, false));
    expect(code).toBe(0);
    expect(out).toBe(MIGRATIONS.map(({ sql }) => sql).join('\n'));
  });

  it.each([
    [['put', 'bad.json'], 'bad.json'],
    [['put', 'good.json', 'b'], 'good.json has no experiment "b"'],
    [['put', 'good.json', '--since', 'yesterday'], '--since takes a whole number'],
    [['switch', 'a', 'maybe'], "'maybe' is invalid for argument 'state'"],
    [['switch', 'a', 'on', '--audience', '0'], '--audience takes a whole number, 1 or more'],
    [['rollback', 'a'], "required option '--to <version>' not specified"],
    [['history', '--limit', '0'], '--limit takes a whole number from 1 to 10000'],
  ])('refuses %j', async (args, message) => {
    const project = projectWith({ 'good.json': ['a:on'], 'bad.json': ['a:maybe'] });
    const { code, err } = await evenhand([...args, '--url', 'postgres://127.0.0.1:1/'], project);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describeWithPostgres('evenhand postgres with a server', (bin) => {
  let server: Postgres;
  let count = 0;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  /** Creates a database with the tables; returns a function that runs commands on it. */
  async function prepare(files: Readonly<Record<string, unknown>>) {
    const project = projectWith(files);
    const env = { DATABASE_URL: server.createDatabase(`cli_${count++}`) };
    const cli = (args: readonly string[], stdin?: string) => evenhand(args, project, env, stdin);
    await cli(['migrate']);
    return cli;
  }

  it('migrates once', async () => {
    const project = projectWith({});
    const url = server.createDatabase('migrated');
    const names = MIGRATIONS.map(({ name }) => name);
    const migrate = () =>
      evenhand(['migrate', '--json', '--schema', 'shop', '--url', url], project);
    expect(JSON.parse((await migrate()).out)).toEqual({ applied: names, present: [] });
    expect(JSON.parse((await migrate()).out)).toEqual({ applied: [], present: names });
    const { out } = await evenhand(['migrate', '--schema', 'shop', '--url', url], project);
    expect(out).toBe(`up to date: ${names.at(-1)}\n`);
    const list = await evenhand(['list', '--schema', 'shop', '--url', url], project);
    expect(list).toEqual({ code: 0, out: 'revision 0\n', err: '' });
    const away = await evenhand(['list', '--url', url], project);
    expect(away.code).toBe(2);
    expect(away.err).toContain('"evenhand postgres migrate"');
  });

  it('stores a file with its context, some of its experiments, or standard input', async () => {
    const file = {
      context: { properties: { user: { type: 'object' } } },
      experiments: ['a:on', 'b:off', 'c:on'],
    };
    const cli = await prepare({ 'all.json': file });
    expect(await cli(['put', 'all.json', 'c', 'a'])).toEqual({
      code: 0,
      out: 'c stored, version 1\na stored, version 1\nrevision 2\n',
      err: '',
    });
    expect((await cli(['put', 'all.json'])).out).toBe(
      'a unchanged, version 1\nb stored, version 1\nc unchanged, version 1\ndeclared context stored, version 1\nrevision 4\n',
    );
    expect((await cli(['put', '-', '--json'], '["a:off"]')).out).toBe(
      `${JSON.stringify({ revision: 5, changes: [{ kind: 'experiment', name: 'a', action: 'put', version: 2 }] }, undefined, 2)}\n`,
    );
  });

  it('warns that namespaces are not stored', async () => {
    const namespace = {
      name: 'words',
      unit: 'user.id',
      segments: 10,
      experiments: [{ name: 'first', variants: [{ name: 'a', values: { word: 'hello' } }] }],
      history: [{ add: 'first', segments: 10 }],
    };
    const cli = await prepare({ 'all.json': { experiments: ['a:on'], namespaces: [namespace] } });
    expect(await cli(['put', 'all.json'])).toEqual({
      code: 0,
      out: 'a stored, version 1\nrevision 1\n',
      err: 'warning put does not store the 1 namespace of all.json; use "evenhand postgres namespace"\n',
    });
    expect((await cli(['put', 'all.json', 'a'])).err).toBe('');
  });

  it('records the logged-in user by default', async () => {
    const cli = await prepare({});
    await cli(['switch', 'chat', 'on']);
    await cli(['switch', 'chat', 'off', '--author', 'ada', '--reason', 'too loud']);
    const { out } = await cli(['history', 'chat', '--json']);
    expect(JSON.parse(out)).toMatchObject([
      {
        version: 2,
        specification: 'chat:off',
        author: 'ada',
        reason: 'too loud',
        role: 'postgres',
      },
      { version: 1, specification: 'chat:on', author: userInfo().username },
    ]);
  });

  it('shows who would move with --dry-run and changes nothing', async () => {
    const split = (bold: number) => ({
      name: 'headline',
      identity: 'user.id',
      variants: [{ name: 'plain' }, { name: 'bold' }],
      audiences: [
        {
          allocations: [
            { variant: 'plain', percent: 100 - bold },
            { variant: 'bold', percent: bold },
          ],
        },
      ],
    });
    const cli = await prepare({ 'old.json': [split(10)], 'new.json': [split(50)] });
    await cli(['put', 'old.json']);
    const harmful = await cli(['put', 'new.json', '--dry-run']);
    expect(harmful.code).toBe(1);
    expect(harmful.out).toContain('40% move between shown variants');
    const { code, out } = await cli(['put', 'old.json', '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      dryRun: true,
      changes: [{ name: 'headline', action: 'none', version: 1 }],
    });
    expect((await cli(['list'])).out).toMatch(/headline {2}plain 90, bold 10 .*\nrevision 1\n$/);
  });

  it('refuses a lost update, an invalid set and an unknown version', async () => {
    const cli = await prepare({ 'a.json': ['a:off'] });
    await cli(['switch', 'a', 'on', '--author', 'ada']);
    await cli(['switch', 'a', 'off', '--author', 'bob']);
    for (const guard of [
      ['--since', '1'],
      ['--expect-version', '1'],
    ]) {
      const { code, out } = await cli(['put', 'a.json', '--json', ...guard]);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({
        error: {
          code: 'conflict',
          message: expect.stringContaining(' 2 by bob is stored since '),
        },
      });
    }
    const context = JSON.stringify({
      experiments: ['a:off'],
      context: { properties: { user: {} } },
    });
    await cli(['put', '-'], context);
    const asks = {
      name: 'e',
      identity: 'user.id',
      variants: [{ name: 'x' }],
      audiences: [
        { rule: 'plan == "pro"', allocations: [{ variant: 'x', percent: 100 }] },
        { allocations: [{ variant: 'x', percent: 100 }] },
      ],
    };
    const bad = await cli(['put', '-'], JSON.stringify([asks]));
    expect(bad.code).toBe(2);
    expect(bad.err).toContain('experiment "e": ');
    expect(bad.err).toContain('plan');
    const missing = await cli(['rollback', 'nobody', '--to', '1']);
    expect([missing.code, missing.err]).toEqual([
      2,
      'error the history has no version 1 of experiment "nobody"\n',
    ]);
  });

  it('removes and rolls back', async () => {
    const cli = await prepare({});
    await cli(['switch', 'a', 'on']);
    expect((await cli(['remove', 'a'])).out).toBe('a removed, version 2\nrevision 2\n');
    expect((await cli(['remove', 'a'])).out).toBe('a unchanged, version 0\nrevision 2\n');
    expect((await cli(['rollback', 'a', '--to', '1'])).out).toBe(
      'a stored, version 3\nrevision 3\n',
    );
    expect((await cli(['history', 'nobody'])).out).toBe('no changes\n');
  });

  it('shows rows that were written without it, even if they are invalid', async () => {
    const project = projectWith({});
    const url = server.createDatabase('nonsense');
    const cli = (args: readonly string[]) => evenhand([...args, '--url', url], project);
    await cli(['migrate']);
    server.psql(
      `INSERT INTO evenhand_experiments (name, specification) VALUES ('a', '{"name":"a","audiences":[7]}'), ('b', '{"name":"b","variants":7}')`,
      '/',
      'nonsense',
    );
    const { code, out } = await cli(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^a .*\nb .*\nrevision 2\n$/m);
  });
});
