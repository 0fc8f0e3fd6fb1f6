import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { SpecError } from '../../../../src/errors/spec-error.ts';
import { migratePostgres } from '../../../../src/integrations/postgres/migrate.ts';
import { NamespaceError } from '../../../../src/integrations/postgres/namespaces/namespace-error.ts';
import {
  SimpleNamespace,
  defineExperiment,
  registerOperators,
} from '../../../../src/planout/index.ts';
import {
  createPostgresNamespaces,
  type PostgresNamespaces,
} from '../../../../src/integrations/postgres/namespaces/postgres-namespaces.ts';
import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { blocksOf } from '../../../docs/readme-blocks.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { createPostgresStore } from '../../../../src/integrations/postgres/store/store.ts';
import parity from '../../../vectors/planout-parity.json' with { type: 'json' };
import vectors from '../../../vectors/planout.json' with { type: 'json' };
import { type Database, usePostgres } from '../databases.ts';
import { closing } from '../../../closing.ts';

const WORDS = "button_text = uniformChoice(choices=['OK', 'Buy'], unit=userid);";
const COLORS = [
  { name: 'control', weight: 2, values: {} },
  { name: 'loud', values: { button_text: 'BUY', button_color: 'red' } },
];
const CHECKOUT = {
  name: 'checkout',
  unit: 'user.id',
  segments: 100,
  inputs: { userid: 'user.id' },
  defaults: { button_text: 'OK' },
};

const BY = { author: 'ada' };

/** Any experiment; its script does not affect the segments. */
const any = defineExperiment({ name: 'any', assign() {} });

describeWithPostgres('createPostgresNamespaces', (bin) => {
  const postgres = usePostgres(bin);
  let pool: Pool;
  let database: Database;
  let namespaces: PostgresNamespaces;

  const psql = (sql: string): string => database.psql(sql).trimEnd();
  const revision = (): number => Number(psql('SELECT revision FROM evenhand_revision'));
  const document = (): unknown => JSON.parse(psql('SELECT evenhand_document()'));

  beforeEach(() => {
    database = postgres.database();
    pool = database.pool();
    namespaces = createPostgresNamespaces({ pool });
  });

  /** Returns the error of a rejected promise. */
  const refusal = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('creates a namespace, and adds and removes experiments like SimpleNamespace', async () => {
    await namespaces.create(CHECKOUT, BY);
    const added = await namespaces.addExperiment(
      'checkout',
      {
        name: 'words',
        segments: 30,
        script: WORDS,
      },
      BY,
    );
    await namespaces.addExperiment(
      'checkout',
      {
        name: 'colors',
        segments: 40,
        variants: COLORS,
      },
      BY,
    );
    await namespaces.removeExperiment('checkout', 'words', BY);
    await namespaces.addExperiment(
      'checkout',
      {
        name: 'words_june',
        segments: 60,
        experiment: 'words',
      },
      BY,
    );
    const replayed = new SimpleNamespace({
      name: 'checkout',
      unit: 'userid',
      segments: 100,
      setup(ns) {
        ns.addExperiment('words', any, 30);
        expect(added).toEqual(ns.allocations()['words']);
        ns.addExperiment('colors', any, 40);
        ns.removeExperiment('words');
        ns.addExperiment('words_june', any, 60);
      },
    });
    const allocations = await namespaces.allocations('checkout');
    expect(allocations).toEqual(replayed.allocations());
    expect(Object.keys(allocations)).toEqual(['colors', 'words_june']);
    expect(await namespaces.list()).toEqual([
      {
        name: 'checkout',
        segments: 100,
        free: 0,
        experiments: [
          { name: 'colors', segments: 40 },
          { name: 'words_june', segments: 60 },
        ],
      },
    ]);
  });

  it.each(vectors.namespaces)(
    "has the segments of PlanOut's reference: $name",
    async ({ name, segments, history, allocations }) => {
      await namespaces.create({ name, unit: 'userid', segments }, BY);
      for (const step of history) {
        if (step.add === undefined) await namespaces.removeExperiment(name, step.remove, BY);
        else {
          await namespaces.addExperiment(
            name,
            {
              name: step.add,
              segments: step.segments,
              script: '',
            },
            BY,
          );
        }
      }
      expect(await namespaces.allocations(name)).toEqual(allocations);
    },
  );

  it.each(parity.fastSample)(
    "with fast sampling has the segments of PlanOut's reference: $name",
    async ({ name, history, allocations }) => {
      await namespaces.create({ name, unit: 'userid', segments: 100, sampling: 'fast' }, BY);
      for (const [step, segments] of history) {
        const added = { name: String(step), segments: Number(segments), script: '' };
        if (segments === null) await namespaces.removeExperiment(name, added.name, BY);
        else await namespaces.addExperiment(name, added, BY);
        // A change of other settings keeps the sampling.
        await namespaces.change(name, { owner: 'us' }, BY);
      }
      const { zero: _none, ...taken } = await namespaces.allocations(name);
      expect(taken).toEqual(allocations);
      expect(document()).toMatchObject({ namespaces: [{ name, sampling: 'fast' }] });
      const { namespaces: specs } = parseExperiments(document());
      expect(specs).toMatchObject([{ sampling: 'fast' }]);
    },
  );

  it('takes scripts with custom operators that it was given', async () => {
    const definition = { name: 'price', segments: 10, script: 'x = tripled(userid);' };
    await namespaces.create(CHECKOUT, BY);
    expect(await refusal(namespaces.addExperiment('checkout', definition, BY))).toMatchObject({
      code: 'spec',
      message: expect.stringContaining('unknown operator "tripled"'),
    });
    const operators = registerOperators({ tripled: ({ value }) => 3 * Number(value) });
    const knowing = createPostgresNamespaces({ pool, operators });
    await knowing.addExperiment('checkout', definition, BY);
    await knowing.change('checkout', { owner: 'us' }, BY);
    // The store of experiments runs no scripts, so it needs no operators.
    await createPostgresStore({ pool }).put('banner:on', BY);
    expect(() => parseExperiments(document())).toThrow('unknown operator "tripled"');
    expect(parseExperiments(document(), { operators }).namespaces).toHaveLength(1);
  });

  it('decides the same from the database as from the file', async () => {
    const doc = readFileSync(join(__dirname, '../../../../docs/planout.md'), 'utf8');
    const file = blocksOf(doc).find((block) => block.file === 'experiments.config.json');
    const config = JSON.parse(file?.text ?? '') as { namespaces: [typeof CHECKOUT] };
    await namespaces.create(config.namespaces[0], BY);
    const exported = document();
    expect(exported).toEqual(config);
    expect(await namespaces.get('checkout')).toEqual(config.namespaces[0]);
    const [ours, theirs] = [parseExperiments(exported), parseExperiments(config)];
    for (let id = 0; id < 300; id++) {
      const context = { user: { id }, country: 'US' };
      const [mine, its] = [ours, theirs].map((one) =>
        one.participant(context).namespace('checkout'),
      );
      expect(mine?.explain()).toEqual(its?.explain());
      expect(mine?.getParams()).toEqual(its?.getParams());
    }
  });

  it('keeps the order of properties, because the checksum of exposures depends on it', async () => {
    const inputs = { userid: 'user.id', b: 'user.b', a: 'user.a' };
    await namespaces.create({ ...CHECKOUT, inputs }, BY);
    const got = await namespaces.get('checkout');
    expect(Object.keys(got?.inputs ?? {})).toEqual(['userid', 'b', 'a']);
  });

  it('accepts all texts that a file can contain', async () => {
    const defaults = { a: '\0', b: '\ud800', c: '"\\\u2028', __proto: null };
    await namespaces.create({ ...CHECKOUT, name: 'it\'s "a" \\ 😀', defaults }, BY);
    expect((await namespaces.get('it\'s "a" \\ 😀'))?.defaults).toEqual(defaults);
    expect(parseExperiments(document()).namespaces).toHaveLength(1);
  });

  it('announces each change with a new revision', async () => {
    const listener = closing(new Client({ connectionString: database.url }));
    await listener.connect();
    const heard: unknown[] = [];
    listener.on('notification', ({ payload = '' }) => void heard.push(JSON.parse(payload)));
    await listener.query('LISTEN evenhand');
    const revisions = [revision()];
    const steps = [
      () => namespaces.create(CHECKOUT, BY),
      () => namespaces.addExperiment('checkout', { name: 'a', segments: 10, script: WORDS }, BY),
      () => namespaces.change('checkout', { defaults: { button_text: 'Buy' } }, BY),
      () => namespaces.removeExperiment('checkout', 'a', BY),
      () => namespaces.drop('checkout', BY),
    ];
    for (const step of steps) {
      await step();
      revisions.push(revision());
    }
    // A rejected change is not announced.
    await refusal(namespaces.removeExperiment('checkout', 'a', BY));
    revisions.push(revision() + 1);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(new Set(revisions).size).toBe(revisions.length);
    await listener.query('SELECT 1');
    expect(heard.at(-1)).toEqual({ schema: 'public', revision: revision() });
    await listener.end();
  });

  it('records the author, change, reason and time in the history', async () => {
    const begun = Date.now() - 1000;
    const by = { author: 'ada', reason: 'ticket 7' };
    await namespaces.create(CHECKOUT, by);
    await namespaces.addExperiment(
      'checkout',
      { name: 'words', segments: 30, script: [WORDS], description: 'which word' },
      by,
    );
    await namespaces.change('checkout', { owner: 'team', defaults: null }, by);
    await namespaces.removeExperiment('checkout', 'words', BY);
    await namespaces.drop('checkout', by);
    const history = await namespaces.history('checkout');
    const said = {
      author: 'ada',
      role: 'postgres',
      reason: 'ticket 7',
      changedAt: expect.any(Date),
    };
    const nothing = {
      experiment: undefined,
      segments: undefined,
      definition: undefined,
      specification: undefined,
    };
    const { name: _name, segments, ...settings } = CHECKOUT;
    const { defaults: _defaults, ...rest } = settings;
    expect(history).toEqual([
      {
        ...nothing,
        ...said,
        sequence: 1,
        operation: 'create',
        specification: { segments, ...settings },
      },
      {
        ...said,
        sequence: 2,
        operation: 'add',
        experiment: 'words',
        segments: 30,
        definition: 'words',
        specification: { script: [WORDS], description: 'which word' },
      },
      {
        ...nothing,
        ...said,
        sequence: 3,
        operation: 'change',
        specification: { ...rest, owner: 'team' },
      },
      {
        ...nothing,
        ...said,
        sequence: 4,
        operation: 'remove',
        experiment: 'words',
        reason: undefined,
      },
      { ...nothing, ...said, sequence: 5, operation: 'drop' },
    ]);
    const times = history.map(({ changedAt }) => changedAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(begun);
    expect(times[4]).toBeLessThan(Date.now() + 1000);
  });

  describe('rejects without changing anything:', () => {
    const CASES: readonly (readonly [
      string,
      (to: PostgresNamespaces) => Promise<unknown>,
      string,
    ])[] = [
      [
        'namespace-exists',
        (to) => to.create(CHECKOUT, BY),
        'a namespace "checkout" exists or existed',
      ],
      ['unknown-namespace', (to) => to.removeExperiment('nope', 'a', BY), 'it does not exist'],
      ['unknown-namespace', (to) => to.change('nope', {}, BY), 'it does not exist'],
      ['unknown-namespace', (to) => to.history('nope'), 'it does not exist'],
      ['unknown-namespace', (to) => to.allocations('nope'), 'it does not exist'],
      [
        'unknown-experiment',
        (to) => to.removeExperiment('checkout', 'b', BY),
        'the experiment "b" does not exist; running experiments: a',
      ],
      [
        'experiment-exists',
        (to) => to.addExperiment('checkout', { name: 'a', segments: 1, script: '' }, BY),
        'the experiment "a" already exists; remove it first',
      ],
      [
        'experiment-exists',
        (to) => to.drop('checkout', BY),
        'it still has experiments: a; remove them first',
      ],
      [
        'unknown-definition',
        (to) => to.addExperiment('checkout', { name: 'b', segments: 1 }, BY),
        'the definition "b" does not exist; pass a script or variants',
      ],
      [
        'definition-exists',
        (to) =>
          to.addExperiment(
            'checkout',
            { name: 'b', experiment: 'a', segments: 1, script: 'x=1;' },
            BY,
          ),
        '"a" is already defined differently',
      ],
      [
        'not-enough-segments',
        (to) => to.addExperiment('checkout', { name: 'b', segments: 61, script: '' }, BY),
        '"b" needs 61 segments, but only 60 are free',
      ],
    ];

    beforeEach(async () => {
      await namespaces.create(CHECKOUT, BY);
      await namespaces.addExperiment('checkout', { name: 'a', segments: 40, script: WORDS }, BY);
    });

    it.each(CASES)('%s (case %#)', async (problem, attempt, message) => {
      const before = [revision(), document(), await namespaces.history('checkout')];
      const error = await refusal(attempt(namespaces));
      expect(error).toBeInstanceOf(NamespaceError);
      expect(error).toMatchObject({ code: 'namespace', problem });
      expect(String(error)).toContain(message);
      expect([revision(), document(), await namespaces.history('checkout')]).toEqual(before);
    });

    it.each([
      ['a script with a syntax error', { name: 'b', segments: 1, script: 'x = ;' }, '/script'],
      ['half a segment', { name: 'b', segments: 0.5, script: '' }, '/history/1/segments'],
      ['a name with control characters', { name: 'b\n', segments: 1, script: '' }, '/name'],
      [
        'both a script and variants',
        { name: 'b', segments: 1, script: '', variants: COLORS },
        '/experiments/1',
      ],
      ['an unknown property', { name: 'b', segments: 1, script: '', weight: 2 }, '/weight'],
    ])('a change that the library could not load: %s', async (_, experiment, place) => {
      const before = [revision(), document()];
      const error = await refusal(namespaces.addExperiment('checkout', experiment, BY));
      expect(error).toBeInstanceOf(SpecError);
      expect(String(error)).toContain('namespace "checkout": ');
      expect(String(error)).toContain(place);
      expect([revision(), document()]).toEqual(before);
    });

    it('a change of the unit, the sampling or the name', async () => {
      const changes = {
        unit: 'user.email',
        name: 'other',
        segments: 7,
        history: [],
        sampling: 'fast',
      };
      for (const [name, value] of Object.entries(changes)) {
        await expect(namespaces.change('checkout', { [name]: value }, BY)).rejects.toThrow(
          `change(): the property "${name}" can't be changed`,
        );
      }
    });

    it('invalid arguments', async () => {
      const circle: Record<string, unknown> = { name: 'b', segments: 1 };
      circle['script'] = circle;
      const attempts = [
        namespaces.create('checkout' as never, BY),
        namespaces.create({ unit: 'user.id' } as never, BY),
        namespaces.create({ ...CHECKOUT, name: 'a\0' }, BY),
        namespaces.addExperiment('checkout', circle as never, BY),
        namespaces.addExperiment('checkout', { name: '\ud800', segments: 1, script: '' }, BY),
        namespaces.removeExperiment('checkout', 7 as never, BY),
        namespaces.removeExperiment('checkout', 'a', { author: 'a\0' }),
        namespaces.removeExperiment('checkout', 'a', { ...BY, why: 'x' } as never),
        namespaces.removeExperiment('checkout', 'a', {} as never),
        namespaces.removeExperiment('checkout', 'a', { author: '' }),
        namespaces.removeExperiment('checkout', 'a', null as never),
      ];
      for (const attempt of attempts) {
        expect(await refusal(attempt)).toMatchObject({ code: 'option' });
      }
    });
  });

  it('rejects invalid options', () => {
    expect(() => createPostgresNamespaces({} as never)).toThrow('set either "pool" or "client"');
    expect(() => createPostgresNamespaces({ pool, lockTimeoutMs: 0 })).toThrow('lockTimeoutMs');
    expect(() => createPostgresNamespaces({ pool, operators: {} as never })).toThrow(
      'option "operators" must be a set from registerOperators(), not an object',
    );
    expect(() => createPostgresNamespaces({ pool, lock: 1 } as never)).toThrow(
      'unknown option "lock"',
    );
  });

  it('replaces an unused definition, and keeps both in the history', async () => {
    await namespaces.create(CHECKOUT, BY);
    await namespaces.addExperiment('checkout', { name: 'a', segments: 10, script: 'x = 1;' }, BY);
    await namespaces.removeExperiment('checkout', 'a', BY);
    await namespaces.addExperiment('checkout', { name: 'a', segments: 100, script: 'x = 2;' }, BY);
    const participant = parseExperiments(document()).participant({ user: { id: 1 } });
    expect(participant.namespace('checkout').get('x')).toBe(2);
    const added = (await namespaces.history('checkout')).flatMap(({ specification }) =>
      specification !== undefined && 'script' in specification ? [specification['script']] : [],
    );
    expect(added).toEqual(['x = 1;', 'x = 2;']);
  });

  it('drops a namespace, and does not free its name', async () => {
    await namespaces.create(CHECKOUT, BY);
    await namespaces.drop('checkout', BY);
    expect(await namespaces.list()).toEqual([]);
    expect(await namespaces.get('checkout')).toBeUndefined();
    expect(document()).toEqual({ experiments: [] });
    await expect(namespaces.create(CHECKOUT, BY)).rejects.toMatchObject({
      problem: 'namespace-exists',
    });
    await expect(
      namespaces.addExperiment('checkout', { name: 'a', segments: 1, script: '' }, BY),
    ).rejects.toThrow('it was dropped');
  });

  it('runs concurrent calls on one connection one after another', async () => {
    const client = closing(new Client({ connectionString: database.url }));
    await client.connect();
    const one = createPostgresNamespaces({ client });
    await one.create(CHECKOUT, BY);
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        one.addExperiment(
          'checkout',
          { name, segments: 10, script: WORDS, experiment: 'words' },
          BY,
        ),
      ),
    );
    expect(await one.list()).toMatchObject([{ free: 70 }]);
    await client.end();
  });

  it('needs only the rights that the documentation lists', async () => {
    const doc = readFileSync(join(__dirname, '../../../../docs/planout.md'), 'utf8');
    const grants = blocksOf(doc).find(({ language }) => language === 'sql')?.text ?? '';
    psql('CREATE ROLE allocator LOGIN; CREATE ROLE application LOGIN;');
    psql(grants);
    const writer = closing(
      new Pool({
        connectionString: postgres.server().url(database.name, 'allocator'),
      }),
    );
    const granted = createPostgresNamespaces({ pool: writer });
    await granted.create(CHECKOUT, BY);
    const experiment = { name: 'a', segments: 10, script: WORDS };
    await granted.addExperiment('checkout', experiment, BY);
    await granted.change('checkout', { owner: 'team' }, BY);
    await granted.removeExperiment('checkout', 'a', BY);
    await granted.addExperiment('checkout', { ...experiment, script: '' }, BY);
    await granted.removeExperiment('checkout', 'a', BY);
    await granted.drop('checkout', BY);
    const [{ author, role } = {}] = await granted.history('checkout');
    expect([author, role]).toEqual(['ada', 'allocator']);
    await writer.end();
    const reader = closing(
      new Pool({
        connectionString: postgres.server().url(database.name, 'application'),
      }),
    );
    const reading = createPostgresNamespaces({ pool: reader });
    expect(await reading.list()).toEqual([]);
    await expect(reading.create({ ...CHECKOUT, name: 'b' }, BY)).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('permission denied for table evenhand_namespaces'),
    });
    await reader.end();
  });

  it('works in a schema outside the search_path', async () => {
    const options = { pool, schema: 'else "where"' };
    await migratePostgres(options);
    const there = createPostgresNamespaces(options);
    await there.create(CHECKOUT, BY);
    await there.addExperiment('checkout', { name: 'a', segments: 10, script: WORDS }, BY);
    expect(await there.list()).toMatchObject([{ free: 90 }]);
    expect(await namespaces.list()).toEqual([]);
  });

  describe('after another program has changed the tables,', () => {
    beforeEach(async () => {
      await namespaces.create(CHECKOUT, BY);
      await namespaces.addExperiment('checkout', { name: 'a', segments: 40, script: WORDS }, BY);
    });

    const insert = (segment: number): void =>
      void psql(`INSERT INTO evenhand_namespace_segments VALUES ('checkout', ${segment}, 'b')`);

    it('never assigns a segment twice', async () => {
      const { a: [taken = -1] = [] } = await namespaces.allocations('checkout');
      expect(() => insert(taken)).toThrow(
        'duplicate key value violates unique constraint "evenhand_namespace_segments_pkey"',
      );
    });

    it('rejects additions while the segment table disagrees with the history', async () => {
      const { a = [] } = await namespaces.allocations('checkout');
      const free = Array.from({ length: 100 }, (_, i) => i).find((i) => !a.includes(i)) ?? -1;
      const add = (): Promise<unknown> =>
        namespaces.addExperiment('checkout', { name: 'b', segments: 10, script: WORDS }, BY);
      insert(free);
      await expect(add()).rejects.toMatchObject({ problem: 'inconsistent' });
      await expect(add()).rejects.toThrow(
        `segment ${free} belongs to "b" in the table and to no experiment in the history`,
      );
      psql(`DELETE FROM evenhand_namespace_segments WHERE experiment = 'b' OR segment = ${a[0]}`);
      await expect(add()).rejects.toThrow(
        `segment ${a[0]} belongs to no experiment in the table and to "a" in the history`,
      );
      psql(`INSERT INTO evenhand_namespace_segments VALUES ('checkout', ${a[0]}, 'a')`);
      await expect(add()).resolves.toHaveLength(10);
    });

    it.each([
      `UPDATE evenhand_namespace_history SET segments = 41 WHERE sequence = 2`,
      `DELETE FROM evenhand_namespace_history`,
      `TRUNCATE evenhand_namespace_history`,
    ])('protects the history: %s', (sql) => {
      expect(() => psql(sql)).toThrow(
        "lines in the history of a namespace can't be changed or deleted",
      );
    });

    it('accepts history lines only at the end, with the author from the database', async () => {
      const line = (sequence: number): string => `
        INSERT INTO evenhand_namespace_history
          (namespace, sequence, operation, experiment, author, role, changed_at)
        VALUES ('checkout', ${sequence}, 'remove', 'a', 'nobody', 'nobody', '2000-01-01')`;
      expect(() => psql(line(4))).toThrow(
        "the history of namespace checkout can't have a line with sequence 4",
      );
      psql(line(3));
      expect((await namespaces.history('checkout'))[2]).toMatchObject({
        author: 'postgres',
        role: 'postgres',
      });
    });
  });
});
