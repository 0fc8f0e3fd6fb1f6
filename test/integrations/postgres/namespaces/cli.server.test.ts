import { run } from '../../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../../../cli/project.ts';
import { ROOT } from '../../../cli/run-cli.ts';
import { testHost } from '../../../cli/test-host.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { type Database, usePostgres } from '../databases.ts';

const CONFIG = {
  experiments: [],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 100,
      experiments: [{ name: 'words', script: 'x = 1;' }],
      history: [{ add: 'words', segments: 30 }],
    },
  ],
};

describeWithPostgres('evenhand postgres namespace', (bin) => {
  const postgres = usePostgres(bin);
  let database: Database;

  beforeEach(() => {
    database = postgres.database();
  });

  afterAll(removeProjects);

  /** Runs a command, and returns its output lines without trailing spaces. */
  async function cli(words: string, ...more: readonly string[]) {
    const host = testHost({ cwd: ROOT, env: { DATABASE_URL: database.url } });
    await run(['postgres', 'namespace', ...words.split(' '), ...more], host);
    return { out: host.out().replaceAll(/ +$/gm, ''), err: host.err(), code: host.exitCode() };
  }

  it('creates a namespace from a file, adds and removes experiments, and shows them', async () => {
    const { path } = makeProject({
      'a.json': JSON.stringify(CONFIG),
      'colors.json': '{ "variants": [{ "name": "red", "values": { "color": "red" } }] }',
    });
    const by = ['--author', 'ada'];
    expect((await cli('list')).out).toBe('no namespaces\n');
    expect((await cli('create', `${path}/a.json`, 'checkout', ...by)).out).toBe(
      'checkout created\n',
    );
    const definition = ['--definition', `@${path}/colors.json`];
    expect((await cli('add checkout colors --segments 40', ...definition, ...by)).out).toBe(
      'colors added with 40 segments\n',
    );
    await cli('add checkout words_june --as words --segments 20', ...by, '--reason', 'ticket 7');
    expect((await cli('remove checkout words', ...by)).out).toBe('words removed\n');
    expect((await cli('list')).out).toBe(
      [
        'namespace  experiment  segments',
        'checkout   colors            40',
        'checkout   words_june        20',
        'checkout   (free)            40',
        '',
      ].join('\n'),
    );
    const history = (await cli('history checkout')).out.split('\n');
    expect(history.map((line) => line.replace(/\d{4}-.{14}/, 'TIME'))).toEqual([
      'number  time (UTC)           author  operation  experiment  segments  reason',
      '     1  TIME  ada     create',
      '     2  TIME  ada     add        words             30',
      '     3  TIME  ada     add        colors            40',
      '     4  TIME  ada     add        words_june        20  ticket 7',
      '     5  TIME  ada     remove     words',
      '',
    ]);
    expect(JSON.parse((await cli('list --json')).out)).toMatchObject([{ free: 40 }]);
    expect(JSON.parse((await cli('history checkout --json')).out)).toHaveLength(5);
  });

  it('reports impossible changes and exits with 2', async () => {
    const { path } = makeProject({ 'a.json': JSON.stringify(CONFIG) });
    const attempts: readonly (readonly [string, readonly string[], string])[] = [
      ['create', [`${path}/a.json`, 'other'], 'has no namespace "other"'],
      ['add nope a --segments 1', [], 'namespace "nope": it does not exist'],
      ['add nope a --segments x', [], '--segments'],
      ['history nope', [], 'namespace "nope": it does not exist'],
      ['remove nope a', [], 'namespace "nope": it does not exist'],
    ];
    for (const [words, more, message] of attempts) {
      const { err, code } = await cli(words, ...more);
      expect(err).toContain(message);
      expect(code).toBe(2);
    }
  });
});
