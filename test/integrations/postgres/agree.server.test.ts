import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { createPostgresStore } from '../../../src/integrations/postgres/store/store.ts';
import { describeWithPostgres } from '../../servers/postgres.ts';
import { until } from '../../sources/until.ts';
import { usePostgres } from './databases.ts';

const PROCESSES = 4;
const FLIPS = 200;
/** The number of concurrent requests to each process. */
const VISITORS = 3;

/** The state that a request saw. */
interface Sight {
  readonly revision: number;
  readonly banner: boolean;
  readonly old: boolean;
}

/** A response of a process. */
interface Answer {
  readonly first: Sight;
  readonly last: Sight;
}

/** A serving process and its visitors. */
class Shop {
  readonly answers: Answer[] = [];
  readonly failures: unknown[] = [];
  /** The newest revision that decided a response. */
  revision = 0;
  private readonly child: ChildProcess;
  private readonly agent = new Agent({ keepAlive: true });
  private visits: Promise<void>[] = [];
  private open = true;

  constructor(url: string) {
    this.child = fork(join(__dirname, './agreeing-shop.mjs'), {
      env: { ...process.env, DATABASE_URL: url },
      execArgv: [],
    });
  }

  /** Resolves when the first requests are answered. */
  async begin(): Promise<void> {
    const [{ port }] = (await once(this.child, 'message')) as [{ port: number }];
    this.visits = Array.from({ length: VISITORS }, () => this.visit(port));
  }

  async end(): Promise<void> {
    this.open = false;
    await Promise.all(this.visits);
    this.agent.destroy();
    this.child.kill('SIGKILL');
  }

  private async visit(port: number): Promise<void> {
    while (this.open) {
      try {
        const answer = await this.ask(port);
        this.answers.push(answer);
        this.revision = Math.max(this.revision, answer.first.revision);
      } catch (error) {
        this.failures.push(error);
      }
    }
  }

  private ask(port: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', agent: this.agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else reject(new Error(`${response.statusCode} ${text}`));
        });
      });
      request.on('error', reject);
    });
  }
}

describeWithPostgres('four processes on one database', (bin) => {
  const shops: Shop[] = [];
  const { database } = usePostgres(bin);

  afterEach(async () => {
    await Promise.all(shops.splice(0).map((shop) => shop.end()));
  });

  it('agree after each of 200 flips under load, and no request sees two revisions', async () => {
    const shared = database();
    const store = createPostgresStore({ pool: shared.pool() });
    // One transaction flips both: if both are equal, a request saw a partial change.
    const flip = async (on: boolean) => {
      const [banner, old] = on ? ['on', 'off'] : ['off', 'on'];
      const experiments = [`banner:${banner}`, `old_banner:${old}`, 'late:on'];
      return (await store.put(experiments, { author: 'test' })).revision;
    };
    const states = new Map([[await flip(false), false]]);
    for (let i = 0; i < PROCESSES; i++) shops.push(new Shop(shared.url));
    await Promise.all(shops.map((shop) => shop.begin()));

    const convergedMs: number[] = [];
    for (let i = 1; i <= FLIPS; i++) {
      const revision = await flip(i % 2 === 1);
      const committed = performance.now();
      states.set(revision, i % 2 === 1);
      await until(`all decide by revision ${revision}`, () =>
        shops.every((shop) => shop.revision >= revision),
      );
      convergedMs.push(performance.now() - committed);
    }
    for (const shop of shops) await shop.end();

    const answers = shops.flatMap((shop) => shop.answers);
    expect(shops.flatMap((shop) => shop.failures)).toEqual([]);
    expect(answers.filter(({ first, last }) => !isSame(first, last))).toEqual([]);
    expect(answers.filter(({ first }) => first.banner === first.old)).toEqual([]);
    expect(
      answers.filter(({ first }) => states.get(first.revision) !== first.banner).slice(0, 5),
    ).toEqual([]);
    // Each process followed the changes, and never went back.
    for (const shop of shops) {
      expect(new Set(shop.answers.map(({ first }) => first.revision)).size).toBeGreaterThan(
        FLIPS / 2,
      );
    }
    const sorted = convergedMs.toSorted((a, b) => a - b);
    process.stderr.write(
      `${FLIPS} flips, ${PROCESSES} processes, ${answers.length} requests: all agree after ` +
        `${Math.round(sorted[FLIPS / 2] ?? 0)} ms (median), ${Math.round(sorted.at(-1) ?? 0)} ms (worst)\n`,
    );
  });
});

function isSame(one: Sight, other: Sight): boolean {
  return one.revision === other.revision && one.banner === other.banner && one.old === other.old;
}
