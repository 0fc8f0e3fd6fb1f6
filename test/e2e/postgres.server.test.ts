import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeWithPostgres } from '../servers/postgres.ts';
import { ROOT } from './child.ts';
import { Visitor } from './visitor.ts';
import { closing } from '../closing.ts';

/** The time limit for each step on a busy machine, in milliseconds. */
const PATIENCE_MS = 60_000;

const CLI = join(ROOT, 'dist/cli/evenhand.js');

/** Returns the directories that the example created and did not remove. */
const leftovers = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('evenhand-example-'));

/** Polls until a condition is true. */
async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`timed out waiting for ${what}`);
  }
}

describeWithPostgres('examples/postgres', () => {
  it('starts with one command two processes that follow the database and write exposures to it', async () => {
    const before = leftovers();
    // Two free ports.
    const { DATABASE_URL: _given, ...env } = process.env;
    const example = closing(
      spawn(process.execPath, ['examples/postgres/run.js'], {
        cwd: ROOT,
        env: { ...env, PORTS: '0,0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    let output = '';
    example.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const said = async (pattern: RegExp, count: number) => {
      for (;;) {
        const found = [...output.matchAll(pattern)].map(([text]) => text);
        if (found.length === count) return found;
        if (example.exitCode !== null) throw new Error(`it has ended: ${output}`);
        await once(example.stdout, 'data');
      }
    };
    const shops = (await said(/http:\/\/localhost:\d+/g, 2)).map((url) => new Visitor(url));
    const [url = ''] = await said(/postgres:\/\/\S+/g, 1);
    const pages = (path: string) =>
      Promise.all(shops.map(async (shop) => (await shop.get(path)).text));
    const until = async (path: string, isIt: (page: string) => boolean) => {
      let last: string[] = [];
      await eventually(path, async () => {
        last = await pages(path);
        return last.every(isIt);
      });
      return last;
    };

    // The page also works without experiments, as at the start.
    await until('/health', (report) => report.includes('"provider":"source"'));
    // Both make the same decisions as soon as they have the experiments.
    const colours = new Set<string>();
    for (let user = 1; user <= 20; user++) {
      const [one, other] = await pages(`/?user=${user}`);
      expect(one).toContain('button');
      expect(one).toBe(other);
      colours.add(/color: (\w+)/.exec(one ?? '')?.[1] ?? '');
    }
    expect([...colours].sort()).toEqual(['gray', 'red']);

    execFileSync(process.execPath, [CLI, 'postgres', 'switch', 'sale', 'on', '--url', url]);
    await until('/?user=1', (page) => page.startsWith('<p>Everything must go!</p>'));
    await Promise.all(shops.map((shop) => shop.post('/buy?user=1', {})));

    const client = closing(new Client({ connectionString: url }));
    await client.connect();
    const count = async (view: string) =>
      Number((await client.query(`SELECT count(*) FROM ${view}`)).rows[0]?.['count']);
    await eventually('outcomes', async () => (await count('evenhand_outcomes')) === 2);
    expect(await count('evenhand_outcomes')).toBe(2);
    expect(await count('evenhand_exposures')).toBeGreaterThanOrEqual(20);
    await client.end();
    const ended = once(example, 'exit');
    example.kill('SIGINT');
    await ended;
    expect(example.exitCode).toBe(0);
    expect(leftovers()).toEqual(before);
  });
});
