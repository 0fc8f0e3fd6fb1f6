import type { Request } from 'express';
import request from 'supertest';
import type { EvenhandOptions, StickyAssignment } from 'evenhand';
import { versions } from '../harness.ts';
import { changingApp, cookiesOf, SECRET, sticky, withKnownKeys } from './sticky-app.ts';

const list = { identity: ['user.id', 'anonymous'] };

/** The assignments by browser, as an application keeps them in its sessions. */
function sessions(): EvenhandOptions['sticky'] {
  const rows = new Map<string, readonly StickyAssignment[]>();
  const browser = (req: Request) => /__cwtk=([^;]+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
  return {
    read: (req) => rows.get(browser(req)),
    write: (req, assignments) => rows.set(browser(req), assignments),
  };
}

const places: readonly [string, () => NonNullable<EvenhandOptions['sticky']>][] = [
  ['a cookie', () => ({ secret: SECRET })],
  ['the sessions of the application', () => sessions() ?? { secret: SECRET }],
];

describe.each(versions)('a login on Express $version', ({ express }) => {
  withKnownKeys();

  describe.each(places)('with sticky assignments in %s', (_, place) => {
    /** A browser, and what the person who uses it sees. */
    function browserOf(app: Parameters<typeof request>[0]) {
      const agent = request.agent(app);
      return async (user?: number): Promise<unknown> => {
        const asked = agent.get('/variant/exp');
        const response = await (user === undefined ? asked : asked.set('x-user', `{"id":${user}}`));
        return response.body as unknown;
      };
    }

    it('leaves visitors their variant, through login and logout', async () => {
      const { app, change } = changingApp(express, [sticky(99, list)], { sticky: place() });
      // The tracking cookie is there before, so that the session has a name.
      const ada = browserOf(app);
      expect(await ada()).toBe('a');
      expect(await ada()).toBe('a');
      await change(sticky(1, list));
      expect(await ada(7)).toBe('a');
      expect(await ada()).toBe('a');
      expect(await ada(7)).toBe('a');
      expect(await browserOf(app)(8)).toBe('b');
    });

    it('gives a second user of the browser a variant of their own', async () => {
      const { app, change } = changingApp(express, [sticky(99, list)], { sticky: place() });
      const shared = browserOf(app);
      await shared();
      expect([await shared(), await shared(7)]).toEqual(['a', 'a']);
      await change(sticky(1, list));
      expect(await shared(8)).toBe('b');
      await change(sticky(99, list));
      // Everyone keeps what they had.
      expect([await shared(8), await shared(7), await shared()]).toEqual(['b', 'a', 'a']);
    });

    it('leaves a user the variant of an earlier login, whatever the visitor has', async () => {
      const { app, change } = changingApp(express, [sticky(1, list)], { sticky: place() });
      const ada = browserOf(app);
      await ada(7);
      // The browser gets its tracking key.
      await change(sticky(99, list));
      await ada();
      const visitor = await ada();
      expect(visitor).toBe('a');
      const user = await ada(7);
      await change(sticky(1, list));
      expect([await ada(7), await ada()]).toEqual([user, visitor]);
    });

    it('leaves visitors their variant when the identity in the file becomes that of the user', async () => {
      const { app, change } = changingApp(express, [sticky(99)], { sticky: place() });
      const ada = browserOf(app);
      await ada();
      expect(await ada()).toBe('a');
      await change(sticky(1, { identity: 'user.id' }));
      expect(await ada(7)).toBe('a');
      // Without a login, no identity decides, but the visitor is still known.
      expect(await ada()).toBe('a');
    });
  });

  it('shows no one the variant of a user who has logged out on another browser', async () => {
    const { app, change } = changingApp(express, [sticky(99, list)], {
      sticky: { secret: SECRET },
    });
    const first = await request(app).get('/variant/exp').set('x-user', '{"id":7}');
    await change(sticky(1, list));
    const replayed = await request(app).get('/variant/exp').set('Cookie', cookiesOf(first));
    expect(replayed.body).toBe('b');
  });
});
