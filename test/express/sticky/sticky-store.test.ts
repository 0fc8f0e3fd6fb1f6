import type { Request } from 'express';
import request from 'supertest';
import type { StickyAssignment } from 'evenhand';
import { until } from '../../sources/until.ts';
import { versions } from '../harness.ts';
import { changingApp, setCookies, sticky } from './sticky-app.ts';

const byUser = { identity: 'user.id' };

/** The application's table: the assignments by user. */
class Table {
  readonly rows = new Map<string, readonly StickyAssignment[]>();
  reads = 0;
  readonly writes: [string, readonly StickyAssignment[]][] = [];

  read = (req: Request): readonly StickyAssignment[] | undefined => {
    this.reads++;
    return this.rows.get(keyOf(req));
  };

  write = (req: Request, assignments: readonly StickyAssignment[]): void => {
    this.writes.push([keyOf(req), assignments]);
    // As a database keeps it.
    this.rows.set(keyOf(req), JSON.parse(JSON.stringify(assignments)) as StickyAssignment[]);
  };
}

const keyOf = (req: Request): string => req.get('x-user') ?? '';

const assignment = (variant: string, id: number): StickyAssignment => ({
  experiment: 'exp',
  seed: 'exp',
  variant,
  units: { 'user.id': String(id) },
});

const pause = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(versions)(
  'sticky assignments of the application on Express $version',
  ({ express }) => {
    let table: Table;
    beforeEach(() => {
      table = new Table();
    });

    /** Waits until that many writes are there, and for one too many. */
    const written = async (count: number): Promise<void> => {
      await until('the assignments are written', () => table.writes.length >= count);
      await pause();
    };

    const as = (app: Parameters<typeof request>[0], id: number, path = '/variant/exp') =>
      request(app).get(path).set('x-user', `{"id":${id}}`);

    it('are found by a later identity of a list if the tracking key needs consent', async () => {
      const list = { identity: ['anonymous', 'user.id'] };
      const { app, change } = changingApp(express, [sticky(99, list)], {
        sticky: { read: table.read, write: table.write },
        trackingCookie: { consent: () => false },
      });
      expect((await as(app, 7)).body).toBe('a');
      await written(1);
      await change(sticky(1, list));
      expect((await as(app, 7)).body).toBe('a');
      await written(1);
      expect(table.writes).toEqual([['{"id":7}', [assignment('a', 7)]]]);
    });

    it.each([
      ['at once', (value: unknown) => value],
      ['later', async (value: unknown) => (await pause(), value)],
    ])('are read %s, before the next handler, and written after the response', async (_, when) => {
      const { app, change, counts, lines } = changingApp(express, [sticky(99, byUser)], {
        sticky: { read: (req) => when(table.read(req)) as [], write: table.write },
      });
      const first = await as(app, 7);
      expect([first.body, setCookies(first)]).toEqual(['a', []]);
      await written(1);
      expect(table.writes).toEqual([['{"id":7}', [assignment('a', 7)]]]);
      await change(sticky(1, byUser));
      expect((await as(app, 7)).body).toBe('a');
      expect((await as(app, 8)).body).toBe('b');
      await written(2);
      // Nothing new is not written.
      expect(table.writes.map(([key]) => key)).toEqual(['{"id":7}', '{"id":8}']);
      expect(table.reads).toBe(3);
      expect(counts()).toEqual({ decisions: 1, refused: 0, failures: 0 });
      expect([...lines.warnings, ...lines.errors]).toEqual([]);
    });

    it('are not read while no experiment is sticky', async () => {
      const { app, change } = changingApp(express, [sticky(99, { ...byUser, sticky: false })], {
        sticky: { read: table.read, write: table.write },
      });
      await as(app, 7);
      expect(table.reads).toBe(0);
      await change(sticky(99, byUser));
      await as(app, 7, '/idle');
      expect(table.reads).toBe(1);
      await pause();
      expect(table.writes).toEqual([]);
    });

    it('are written once for all decisions of a request, complete', async () => {
      table.rows.set('{"id":7}', [assignment('b', 7)]);
      const others = ['one', 'two', 'three'].map((name) => sticky(99, { ...byUser, name }));
      const { app } = changingApp(
        express,
        [sticky(99, byUser), ...others],
        { sticky: { read: table.read, write: table.write } },
        (extended) => {
          extended.get('/many', (req, res) => {
            res.json([req.variant('one'), req.variant('two')]);
            // The response is over, but not closed yet.
            req.variant('three');
          });
        },
      );
      expect((await as(app, 7, '/many')).body).toEqual(['a', 'a']);
      await written(1);
      expect(table.writes).toHaveLength(1);
      expect(
        table.writes[0]?.[1].map(({ experiment, variant }) => `${experiment}:${variant}`),
      ).toEqual(['exp:b', 'one:a', 'two:a', 'three:a']);
    });

    it('are written for a decision after the response as well', async () => {
      const decided: unknown[] = [];
      const { app } = changingApp(
        express,
        [sticky(99, byUser)],
        { sticky: { read: table.read, write: table.write } },
        (extended) => {
          extended.get('/after', (req, res) => {
            res.on('close', () => setImmediate(() => decided.push(req.variant('exp'))));
            res.json('sent');
          });
        },
      );
      await as(app, 7, '/after');
      await written(1);
      expect(decided).toEqual(['a']);
      expect(table.writes).toHaveLength(1);
    });

    it.each<[string, () => unknown, string]>([
      [
        'throws',
        () => {
          throw new Error('no database');
        },
        'no database',
      ],
      ['rejects', () => Promise.reject(new Error('no database')), 'no database'],
      ['returns a text', () => 'exp:a', 'it must return a list of assignments, not "exp:a"'],
      [
        'resolves to an object',
        async () => ({}),
        'it must return a list of assignments, not an object',
      ],
      [
        'never answers',
        () => new Promise(() => {}),
        '"read" did not finish within 30 ms; give its own calls a shorter time limit, or raise sticky.timeoutMs',
      ],
    ])(
      'are left out of a request whose "read" %s, and not overwritten',
      async (_, read, reason) => {
        table.rows.set('{"id":7}', [assignment('a', 7)]);
        const { app, counts, lines } = changingApp(express, [sticky(1, byUser)], {
          onError: 'throw',
          sticky: { read: read as () => [], write: table.write, timeoutMs: 30 },
        });
        for (let i = 0; i < 2; i++) {
          const response = await as(app, 7);
          expect([response.status, response.body]).toEqual([200, 'b']);
        }
        await pause();
        expect(table.writes).toEqual([]);
        expect(counts()).toEqual({ decisions: 0, refused: 0, failures: 2 });
        expect(lines.errors).toEqual([
          `evenhand: sticky.read failed, so the request is decided without kept variants, and nothing is written: ${reason}`,
        ]);
      },
    );

    it.each<[string, () => unknown, string]>([
      [
        'throws',
        () => {
          throw new Error('disk full');
        },
        'disk full',
      ],
      ['rejects', () => Promise.reject(new Error('disk full')), 'disk full'],
      ['never ends', () => new Promise(() => {}), '"write" did not finish within 30 ms'],
      [
        'rejects too late',
        async () => {
          await pause(60);
          throw new Error('late');
        },
        'did not finish',
      ],
    ])('cause no more than a log line if "write" %s', async (_, write, reason) => {
      const { app, counts, lines } = changingApp(express, [sticky(99, byUser)], {
        sticky: { read: table.read, write, timeoutMs: 30 },
      });
      for (let i = 0; i < 2; i++) expect((await as(app, 7)).body).toBe('a');
      await until('both have failed', () => counts().failures >= 2);
      // A write that rejects too late does so meanwhile.
      await pause(100);
      expect(counts().failures).toBe(2);
      expect(lines.errors).toEqual([expect.stringContaining(reason)]);
      expect(lines.errors[0]).toMatch(
        /^evenhand: sticky\.write failed, so the variants of its request are not kept: /,
      );
    });

    it('are written before the middleware is closed', async () => {
      let hasBegun = false;
      let isWritten = false;
      let finish = (): void => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const { app, middleware } = changingApp(express, [sticky(99, byUser)], {
        sticky: {
          read: table.read,
          write: async () => {
            hasBegun = true;
            await finished;
            isWritten = true;
          },
        },
      });
      await as(app, 7);
      await until('the write has begun', () => hasBegun);
      setTimeout(finish, 20);
      await middleware.close();
      expect(isWritten).toBe(true);
    });

    it('ignore everything that is not an assignment in force', async () => {
      const hostile = [
        null,
        7,
        {},
        { experiment: 'exp' },
        assignment('c', 7),
        { ...assignment('a', 7), seed: 'old' },
        assignment('a', 7),
      ];
      const { app } = changingApp(express, [sticky(1, byUser)], {
        sticky: { read: () => hostile as StickyAssignment[], write: table.write },
      });
      expect((await as(app, 7)).body).toBe('a');
      expect((await as(app, 8)).body).toBe('b');
      await written(1);
      expect(table.writes).toEqual([['{"id":8}', [assignment('a', 7), assignment('b', 8)]]]);
    });

    it('are read after the context provider, and its values are there', async () => {
      const order: string[] = [];
      const { app } = changingApp(express, [sticky(99, { identity: 'tenant.id' })], {
        contextProvider: async () => {
          await pause();
          order.push('context');
          return { tenant: { id: 't1' } };
        },
        sticky: {
          read: async () => {
            order.push('read');
            await pause();
            return null;
          },
          write: table.write,
        },
      });
      expect((await as(app, 7)).body).toBe('a');
      expect(order).toEqual(['context', 'read']);
      await written(1);
      expect(table.writes[0]?.[1]).toEqual([
        { ...assignment('a', 7), units: { 'tenant.id': 't1' } },
      ]);
    });

    it('are kept for two requests at once as each of them decided', async () => {
      let reading = 0;
      const { app } = changingApp(express, [sticky(99, byUser)], {
        sticky: {
          read: async (req) => {
            const rows = table.read(req);
            reading++;
            await until('both have read', () => reading === 2);
            return rows;
          },
          write: table.write,
        },
      });
      const both = await Promise.all([as(app, 7), as(app, 7)]);
      expect(both.map(({ body }) => body as unknown)).toEqual(['a', 'a']);
      await written(2);
      expect(table.rows.get('{"id":7}')).toEqual([assignment('a', 7)]);
    });
  },
);
