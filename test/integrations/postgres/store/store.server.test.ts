import { createClient } from '../../../../src/client/client.ts';
import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { postgresSource } from '../../../../src/integrations/postgres/source.ts';
import { createPostgresStore } from '../../../../src/integrations/postgres/store/store.ts';
import { Client } from 'pg';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { until } from '../../../sources/until.ts';
import { usePostgres } from '../databases.ts';
import { closing } from '../../../closing.ts';

const ada = { author: 'ada', reason: 'a try' };

/** An experiment that gives everyone the same variant. */
function button(variant: 'bold' | 'plain', more: object = {}): object {
  return {
    name: 'button',
    identity: 'user.id',
    variants: [{ name: 'bold' }, { name: 'plain' }],
    audiences: [{ allocations: [{ variant, percent: 100 }] }],
    ...more,
  };
}

/** A switch with audiences. */
const search = {
  name: 'search',
  identity: 'user.id',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: [
    { rule: 'user.plan == "pro"', allocations: [{ variant: 'on', percent: 100 }] },
    { allocations: [{ variant: 'off', percent: 100 }] },
  ],
};

describeWithPostgres('createPostgresStore()', (bin) => {
  const { server, database } = usePostgres(bin);

  function open() {
    const { pool: makePool, psql, name, url } = database();
    const pool = makePool();
    return { pool, psql, name, url, store: createPostgresStore({ pool }) };
  }

  describe('put()', () => {
    it('writes one experiment, several, and a whole specification', async () => {
      const { store, psql } = open();
      expect(await store.put('a:on', ada)).toEqual({
        revision: 1,
        changes: [{ kind: 'experiment', name: 'a', action: 'put', version: 1 }],
      });
      expect(await store.put(['b:on', button('bold')], ada)).toMatchObject({ revision: 3 });
      const whole = {
        experiments: ['a:off', 'b:on'],
        context: { properties: { user: { type: 'object' } } },
      };
      expect(await store.put(whole, ada)).toEqual({
        revision: 5,
        changes: [
          { kind: 'experiment', name: 'a', action: 'put', version: 2 },
          { kind: 'experiment', name: 'b', action: 'none', version: 1 },
          { kind: 'context', name: 'context', action: 'put', version: 1 },
        ],
      });
      expect(JSON.parse(psql('SELECT evenhand_document()'))).toEqual({
        experiments: ['a:off', 'b:on', button('bold')],
        context: whole.context,
      });
    });

    it('returns exactly the written specification', async () => {
      const { store } = open();
      const value = { 'a"b': [1, 1.5, null, 'ä\u{1f600}\\', { deep: true }], n: -0.1e-7 };
      const given = button('bold', {
        description: "it's; DROP TABLE evenhand_experiments; --",
        variants: [
          { name: 'bold', value },
          { name: 'plain', value: 'x'.repeat(100_000) },
        ],
      });
      await store.put(given, ada);
      const { experiments, revision } = await store.list();
      expect(revision).toBe(1);
      expect(experiments).toEqual([
        { name: 'button', specification: given, version: 1, ...ada, changedAt: expect.any(Date) },
      ]);
      expect(Math.abs(Date.now() - Number(experiments[0]?.changedAt))).toBeLessThan(600_000);
    });

    it.each([
      ['a number', 7, 'a specification must be a list'],
      ['an invalid one', button('bold', { identity: 'user id' }), 'must be a dotted path'],
      ['an invalid one among valid ones', ['a:on', 'b:maybe'], '"b:maybe"'],
      ['one twice', ['a:on', 'a:off'], 'a'],
      [
        'a rule that is none',
        { ...search, audiences: [{ ...search.audiences[0], rule: 'x =' }, search.audiences[1]] },
        'to compare, write ==',
      ],
    ])('rejects %s, and changes nothing', async (_what, given, message) => {
      const { store } = open();
      await expect(store.put(given, ada)).rejects.toMatchObject({
        code: 'spec',
        message: expect.stringContaining(message),
      });
      expect(await store.list()).toEqual({ revision: 0, experiments: [] });
      expect(await store.history()).toEqual([]);
    });

    it('rejects an experiment that is valid alone but not with the others', async () => {
      const { store } = open();
      const context = {
        properties: { user: { type: 'object', properties: { id: { type: 'number' } } } },
      };
      await store.put({ experiments: [], context }, ada);
      await expect(store.put(search, ada)).rejects.toMatchObject({
        code: 'spec',
        message: expect.stringMatching(
          /^the specification after this change: 1 problem\n[^]*experiment "search": .*plan/,
        ),
      });
      expect(await store.list()).toEqual({ revision: 1, experiments: [] });
      await store.removeContext(ada);
      expect(await store.put(search, ada)).toMatchObject({ revision: 3 });
    });

    it('rejects a change whose revision a number can not hold, and changes nothing', async () => {
      const { store, pool } = open();
      await store.put('a:on', ada);
      await pool.query('UPDATE evenhand_revision SET revision = 9007199254740991');
      await expect(store.put('b:on', ada)).rejects.toMatchObject({
        code: 'store',
        message: expect.stringContaining(
          'the column revision is 9007199254740992, but must be a whole number below 2^53',
        ) as string,
      });
      const { experiments } = await store.list();
      expect(experiments.map(({ name }) => name)).toEqual(['a']);
    });

    it('returns the result of a change with dryRun, and changes nothing', async () => {
      const { store, pool } = open();
      await store.put(['a:on', 'b:on'], ada);
      const heard: unknown[] = [];
      const listener = await pool.connect();
      listener.on('notification', (notification) => heard.push(notification));
      await listener.query('LISTEN evenhand');
      expect(await store.put(['a:off', 'b:on'], { ...ada, dryRun: true })).toEqual({
        revision: 3,
        changes: [
          { kind: 'experiment', name: 'a', action: 'put', version: 2 },
          { kind: 'experiment', name: 'b', action: 'none', version: 1 },
        ],
        before: { experiments: ['a:on', 'b:on'] },
        after: { experiments: ['a:off', 'b:on'] },
      });
      expect(await store.list()).toMatchObject({ revision: 2 });
      await listener.query('SELECT 1');
      expect(heard).toEqual([]);
      await store.put('c:on', ada);
      await until('it is heard', () => heard.length > 0);
      expect(heard).toMatchObject([
        { channel: 'evenhand', payload: '{"schema" : "public", "revision" : 3}' },
      ]);
      listener.release(true);
    });

    it('rejects a change based on another version, and names its author', async () => {
      const { store } = open();
      await store.put('a:on', ada);
      const before = await store.list();
      await store.put('a:off', { author: 'bob' });
      const late = store.put('a:on', { ...ada, expectedVersion: 1 });
      await expect(late).rejects.toMatchObject({
        code: 'conflict',
        expected: 1,
        actual: 2,
        changedBy: 'bob',
        changedAt: expect.any(Date),
        message: expect.stringMatching(
          /^experiment "a": version 2 by bob is stored since 20\S+Z, but version 1 was expected;/,
        ),
      });
      await expect(
        store.put(['a:on', 'c:on'], { ...ada, since: before.revision }),
      ).rejects.toMatchObject({ code: 'conflict', expected: 1, actual: 2, changedBy: 'bob' });
      await expect(store.put('a:on', { ...ada, expectedVersion: 0 })).rejects.toMatchObject({
        code: 'conflict',
        expected: undefined,
      });
      await store.remove('a', { author: 'eve', expectedVersion: 2 });
      await expect(store.put('a:on', { ...ada, expectedVersion: 2 })).rejects.toMatchObject({
        code: 'conflict',
        actual: undefined,
        changedBy: 'eve',
      });
      expect(await store.list()).toEqual({ revision: 3, experiments: [] });
      expect(await store.put('a:on', { ...ada, expectedVersion: 0, since: 3 })).toMatchObject({
        changes: [{ action: 'put', version: 4 }],
      });
    });

    it('loses no update of many concurrent writers', async () => {
      const { store, url } = open();
      const counted = (count: number) =>
        button('bold', { variants: [{ name: 'bold', value: count }, { name: 'plain' }] });
      await store.put(counted(0), ada);
      const increment = async (author: string): Promise<number> => {
        for (let refused = 0; ; refused++) {
          const { experiments } = await store.list();
          const [{ version, specification } = { version: 0, specification: undefined }] =
            experiments;
          const { variants } = specification as { variants: { value: number }[] };
          try {
            const next = counted((variants[0]?.value ?? 0) + 1);
            await store.put(next, { author, expectedVersion: version });
            return refused;
          } catch (error) {
            if ((error as { code?: unknown }).code !== 'conflict') throw error;
          }
        }
      };
      const refusals = await Promise.all(
        Array.from({ length: 20 }, (_, i) => increment(`writer ${i}`)),
      );
      expect(refusals.some((count) => count > 0)).toBe(true);
      const { experiments } = await store.list();
      expect(experiments).toMatchObject([{ version: 21, specification: counted(20) }]);
      const history = await store.history({ name: 'button' });
      expect(history.map(({ version }) => version)).toEqual(
        Array.from({ length: 21 }, (_, i) => 21 - i),
      );
      expect(new Set(history.map(({ author }) => author)).size).toBe(21);
      expect(url).toContain('postgres://');
    });

    it('prevents two writers from making the set invalid together', async () => {
      const { store, psql } = open();
      // Each is valid alone, but the context declares no plan, and the rule reads one.
      const context = { properties: { user: { type: 'object', properties: { id: {} } } } };
      const both = await Promise.allSettled([
        store.put({ experiments: [], context }, ada),
        store.put(search, ada),
      ]);
      expect(both.map(({ status }) => status).sort((a, b) => (a < b ? -1 : 1))).toEqual([
        'fulfilled',
        'rejected',
      ]);
      expect(() => parseExperiments(JSON.parse(psql('SELECT evenhand_document()')))).not.toThrow();
    });

    it.each([
      [{}, 'option "author" is missing'],
      [{ author: ' ' }, 'option "author" must be a string of 1 to 200 characters'],
      [{ author: 'a\0' }, 'option "author"'],
      [{ author: 'ada', reason: 'x'.repeat(2001) }, 'option "reason"'],
      [
        { author: 'ada', expectedVersion: -1 },
        'option "expectedVersion" must be a whole number of 0 or more',
      ],
      [{ author: 'ada', expectedVersions: 1 }, 'did you mean "expectedVersion"?'],
    ])('rejects invalid options (%#)', async (options, message) => {
      const { store } = open();
      await expect(store.put('a:on', options as never)).rejects.toMatchObject({
        code: 'option',
        message: expect.stringContaining(message),
      });
    });

    it('rejects namespaces, because they have their own history', async () => {
      const { store } = open();
      const given = { experiments: [], namespaces: [] };
      await expect(store.put(given, ada)).rejects.toMatchObject({ code: 'option' });
    });

    it('reports the errors of the database', async () => {
      const { store, psql } = open();
      await expect(store.put(button('bold', { description: 'a\0b' }), ada)).rejects.toMatchObject({
        code: 'store',
        message: expect.stringContaining('PostgreSQL cannot store \\u0000'),
      });
      psql('DROP TABLE evenhand_context');
      await expect(store.put('a:on', ada)).rejects.toMatchObject({
        code: 'store',
        message: expect.stringContaining('evenhand postgres migrate'),
      });
    });
  });

  describe('putSwitch()', () => {
    it('creates a switch, flips it, and keeps one that has the state already', async () => {
      const { store } = open();
      const flips = ['on', 'off', 'off', 'on'] as const;
      const results = [];
      for (const state of flips) results.push(await store.putSwitch('chat', state, ada));
      expect(results.map(({ revision, changes }) => [revision, changes[0]?.action])).toEqual([
        [1, 'put'],
        [2, 'put'],
        [2, 'none'],
        [3, 'put'],
      ]);
      expect(await store.list()).toMatchObject({ experiments: [{ specification: 'chat:on' }] });
    });

    it('flips one audience or all', async () => {
      const { store } = open();
      await store.put(search, ada);
      await expect(store.putSwitch('search', 'on', ada)).rejects.toMatchObject({
        code: 'option',
        message: expect.stringContaining('or all\n  user.plan == "pro"\n  everyone else'),
      });
      await store.putSwitch('search', 'off', { ...ada, audience: 0 });
      const states = async () => {
        const { experiments } = await store.list();
        const [{ specification } = { specification: search }] = experiments;
        return (specification as typeof search).audiences.map(({ allocations }) => allocations);
      };
      expect(await states()).toEqual([
        [
          { variant: 'on', percent: 0 },
          { variant: 'off', percent: 100 },
        ],
        [{ variant: 'off', percent: 100 }],
      ]);
      await store.putSwitch('search', 'on', { ...ada, audience: 'all' });
      expect(await states()).toEqual([
        [
          { variant: 'on', percent: 100 },
          { variant: 'off', percent: 0 },
        ],
        [
          { variant: 'off', percent: 0 },
          { variant: 'on', percent: 100 },
        ],
      ]);
    });

    it('loses no concurrent flip of another switch', async () => {
      const { store } = open();
      const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
      await store.put(
        names.map((name) => `${name}:off`),
        ada,
      );
      await Promise.all(names.map((name) => store.putSwitch(name, 'on', ada)));
      const { experiments, revision } = await store.list();
      expect(revision).toBe(40);
      expect(new Set(experiments.map(({ specification }) => specification))).toEqual(
        new Set(names.map((name) => `${name}:on`)),
      );
    });

    it.each([
      ['button', 'on', 'option', 'is not a switch'],
      ['no name', 'on', 'spec', 'no name'],
      ['a', 'maybe', 'option', 'the state must be "on" or "off"'],
    ])('rejects %j %j', async (name, state, code, message) => {
      const { store } = open();
      await store.put(button('bold'), ada);
      await expect(store.putSwitch(name, state as 'on', ada)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    });
  });

  describe('rollback()', () => {
    it('restores each version exactly, including a removal', async () => {
      const { store } = open();
      const versions = [
        button('bold'),
        undefined,
        button('plain', { owner: 'shop' }),
        'button:on',
        undefined,
      ];
      for (const version of versions) {
        if (version === undefined) await store.remove('button', ada);
        else await store.put(version, ada);
      }
      for (const [i, version] of versions.entries()) {
        await store.rollback('button', i + 1, { author: 'bob', reason: `to ${i + 1}` });
        const { experiments } = await store.list();
        expect(experiments.map(({ specification }) => specification)).toEqual(
          version === undefined ? [] : [version],
        );
      }
      const [last, ...others] = await store.history({ name: 'button' });
      expect(last).toEqual({
        revision: 10,
        kind: 'experiment',
        name: 'button',
        action: 'remove',
        specification: undefined,
        version: 10,
        author: 'bob',
        role: 'postgres',
        reason: 'to 5',
        changedAt: expect.any(Date),
      });
      expect(others).toHaveLength(9);
    });

    it('rejects an unknown version, and one that is invalid with the others', async () => {
      const { store, psql } = open();
      await expect(store.rollback('a', 1, ada)).rejects.toMatchObject({
        code: 'option',
        message: 'the history has no version 1 of experiment "a"',
      });
      psql(`INSERT INTO evenhand_experiments (name, specification) VALUES ('a', '"a:maybe"')`);
      await store.put('a:on', ada);
      await expect(store.rollback('a', 1, ada)).rejects.toMatchObject({ code: 'spec' });
      expect(await store.list()).toMatchObject({ experiments: [{ specification: 'a:on' }] });
    });
  });

  describe('history()', () => {
    it('returns all changes in pages, the latest first', async () => {
      const { store, psql } = open();
      await store.put(['a:on', 'b:on'], ada);
      await store.put({ experiments: [], context: { properties: {} } }, { author: 'bob' });
      await store.remove('a', { author: 'eve' });
      await store.remove('a', { author: 'eve' });
      psql(`UPDATE evenhand_experiments SET specification = '"b:off"'`);
      const all = await store.history();
      expect(
        all.map(({ revision, kind, name, action, version, author, reason }) =>
          [revision, kind, name, action, version, author, reason].join(' '),
        ),
      ).toEqual([
        '5 experiment b put 2 postgres ',
        '4 experiment a remove 2 eve ',
        '3 context context put 1 bob ',
        '2 experiment b put 1 ada a try',
        '1 experiment a put 1 ada a try',
      ]);
      expect(await store.history({ limit: 2 })).toEqual(all.slice(0, 2));
      expect(await store.history({ limit: 2, before: 4 })).toEqual(all.slice(2, 4));
      expect(await store.history({ name: 'a' })).toEqual([all[1], all[4]]);
      await expect(store.history({ limit: 0 })).rejects.toMatchObject({ code: 'option' });
    });
  });

  it('shares one connection with a source, which sees no partial change', async () => {
    const { url } = open();
    const connection = closing(new Client({ connectionString: url }));
    await connection.connect();
    const store = createPostgresStore({ client: connection });
    const source = postgresSource({ client: connection });
    const client = createClient({ source, logger: false });
    await client.ready();
    const { signal } = new AbortController();
    const [dry, loaded, , ...put] = await Promise.all([
      store.put('a:on', { ...ada, dryRun: true }),
      source.load({ signal }),
      store.put('b:on', ada),
      store.put('c:on', ada),
      store.put('d:on', ada),
    ]);
    expect(dry).toMatchObject({ after: { experiments: ['a:on'] } });
    expect(loaded).toMatchObject({ data: { experiments: [] }, revision: 0 });
    expect(put.map(({ revision }) => revision)).toEqual([2, 3]);
    await until('it is in force', () => client.participant().isOn('d'));
    await client.close();
    await connection.end();
  });

  it('works with the rights of a writer', async () => {
    const { psql, name, pool } = database();
    psql(`CREATE ROLE writer_of_${name} LOGIN;
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO writer_of_${name};
      GRANT INSERT, UPDATE, DELETE ON evenhand_experiments, evenhand_context TO writer_of_${name};`);
    const connectionString = server().url(name, `writer_of_${name}`);
    const store = createPostgresStore({ pool: pool({ connectionString }) });
    await store.put({ experiments: ['a:on'], context: { properties: {} } }, ada);
    await store.putSwitch('a', 'off', ada);
    await store.rollback('a', 1, ada);
    await store.remove('a', ada);
    const history = await store.history();
    expect(history).toHaveLength(5);
    expect(new Set(history.map(({ author, role }) => `${author} ${role}`))).toEqual(
      new Set([`ada writer_of_${name}`]),
    );
  });
});
