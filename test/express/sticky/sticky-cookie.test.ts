import cookieParser from 'cookie-parser';
import type { Request } from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import { evenhand, type EventRecord, callbackSink } from 'evenhand';
import { runs } from '../../runs.ts';
import { versions } from '../harness.ts';
import {
  changingApp,
  cookiesOf,
  SECRET,
  setCookies,
  sticky,
  stickyOf,
  withKnownKeys,
} from './sticky-app.ts';

const HALF_LIFE_DAYS = 183;
const DAY_MS = 86_400_000;

describe.each(versions)('the sticky cookie on Express $version', ({ express }) => {
  const options = { sticky: { secret: SECRET } };
  withKnownKeys();

  it('keeps the variant of a visitor when the percents change, until the seed is new', async () => {
    const { app, change, counts, lines } = changingApp(express, [sticky(99)], options);
    const agent = request.agent(app);
    expect((await agent.get('/variant/exp')).body).toBe('a');
    await change(sticky(1));
    const kept = await agent.get('/variant/exp');
    expect(kept.body).toBe('a');
    expect(setCookies(kept)).toEqual([]);
    expect(counts()).toEqual({ decisions: 1, refused: 0, failures: 0 });
    expect((await request.agent(app).get('/variant/exp')).body).toBe('b');
    await change(sticky(1, { seed: 'second' }));
    expect((await agent.get('/variant/exp')).body).toBe('b');
    await change(sticky(99, { seed: 'second' }));
    expect((await agent.get('/variant/exp')).body).toBe('b');
    await change(sticky(99, { seed: 'second', sticky: false }));
    expect((await agent.get('/variant/exp')).body).toBe('a');
    expect([...lines.warnings, ...lines.errors]).toEqual([]);
  });

  it('is not read and not set before a sticky experiment is decided', async () => {
    const { app, counts } = changingApp(express, [sticky(50), 'search:on' as never], options);
    for (const path of ['/idle', '/variant/search']) {
      const response = await request(app).get(path).set('Cookie', '__cwst=forged');
      expect(setCookies(response)).toEqual([]);
      expect(counts().refused).toBe(0);
    }
    await request(app).get('/variant/exp').set('Cookie', '__cwst=forged');
    expect(counts().refused).toBe(1);
  });

  it('contains no identity, and no name of an experiment or a variant', async () => {
    const { app } = changingApp(express, [sticky(99, { identity: 'user.id' })], options);
    const response = await request(app)
      .get('/variant/exp')
      .set('x-user', '{"id":"ada@example.com"}');
    const cookie = stickyOf(response) ?? '';
    expect(cookie).toMatch(/^1\*[0-9a-z]+\*user\.id~[\w-]{14}\*[\w-]{15}\*[\w-]{43}$/);
    expect(cookie).not.toMatch(/ada|example|exp/);
  });

  it('makes a response private that sets it, and varies one that depends on it', async () => {
    const everyone = sticky(100);
    const { app, change } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    expect(first.headers).toMatchObject({ vary: 'Cookie', 'cache-control': 'private' });
    // A visitor with a kept variant would get another response than one without.
    await change(everyone);
    const next = await request(app).get('/variant/exp');
    expect([next.body, next.headers['vary'], setCookies(next)]).toEqual(['a', 'Cookie', []]);
    const kept = await request(app).get('/variant/exp').set('Cookie', cookiesOf(first));
    expect(kept.headers['vary']).toBe('Cookie');
    expect(kept.headers).not.toHaveProperty('cache-control');
  });

  it('is set once by a response with several sticky experiments', async () => {
    const { app, change } = changingApp(
      express,
      [sticky(99), sticky(99, { name: 'other' })],
      options,
      (extended) => {
        extended.get('/both', (req, res) => {
          res.cookie('own', '1');
          res.json([req.variant('exp'), req.variant('other')]);
        });
      },
    );
    const response = await request(app).get('/both');
    expect(response.body).toEqual(['a', 'a']);
    expect(
      setCookies(response)
        .map((line) => line.split('=', 1)[0])
        .toSorted((one, other) => (one ?? '').localeCompare(other ?? '')),
    ).toEqual(['__cwst', '__cwtk', '__cwtk_r', 'own']);
    await change(sticky(1), sticky(1, { name: 'other' }));
    const later = await request(app).get('/both').set('Cookie', cookiesOf(response));
    expect(later.body).toEqual(['a', 'a']);
  });

  it('gives another user nothing', async () => {
    const byUser = { identity: 'user.id' };
    const { app, change } = changingApp(express, [sticky(99, byUser)], options);
    const first = await request(app).get('/variant/exp').set('x-user', '{"id":7}');
    await change(sticky(1, byUser));
    const as = (id: number) =>
      request(app)
        .get('/variant/exp')
        .set('Cookie', cookiesOf(first))
        .set('x-user', `{"id":${id}}`);
    expect((await as(7)).body).toBe('a');
    const other = await as(8);
    expect(other.body).toBe('b');
    // The cookie then has both.
    const both = request(app).get('/variant/exp').set('Cookie', cookiesOf(other));
    expect((await both.set('x-user', '{"id":7}')).body).toBe('a');
  });

  it('gives a visitor with another tracking key nothing', async () => {
    const { app, change } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    await change(sticky(1));
    const stolen = `__cwst=${stickyOf(first)}`;
    for (const cookie of [stolen, `${stolen}; __cwtk=another`]) {
      expect((await request(app).get('/variant/exp').set('Cookie', cookie)).body).toBe('b');
    }
  });

  it('is ignored if it is forged, cut, made for another name or with another secret, or too long', async () => {
    const { app, change, counts } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    const value = stickyOf(first) ?? '';
    const tracking = cookiesOf(first).replace(/__cwst=[^;]+(?:; )?/, '');
    const renamed = changingApp(express, [sticky(99)], {
      sticky: { secret: SECRET, name: 'other' },
    });
    const others = changingApp(express, [sticky(99)], { sticky: { secret: `${SECRET}!` } });
    const ofRenamed = await request(renamed.app).get('/variant/exp').set('Cookie', tracking);
    const ofOthers = await request(others.app).get('/variant/exp').set('Cookie', tracking);
    await change(sticky(1));
    const ask = async (cookie: string) =>
      (await request(app).get('/variant/exp').set('Cookie', `${tracking}; __cwst=${cookie}`))
        .body as unknown;
    expect(await ask(value)).toBe('a');
    const body = value.slice(0, value.lastIndexOf('*'));
    const bad = [
      value.slice(0, -1),
      value.slice(1),
      body,
      `${body}*`,
      `${body}*${'A'.repeat(43)}`,
      value.toUpperCase(),
      `${value}*${value}`,
      `1*zz*x*y*${'A'.repeat(43)}`,
      'x',
      '*',
      '%00',
      encodeURIComponent(value).replaceAll('*', '%2A'),
      `${value}${'x'.repeat(5000)}`,
      /other=([^;]+)/.exec(cookiesOf(ofRenamed))?.[1] ?? '',
      stickyOf(ofOthers) ?? '',
    ];
    for (const cookie of bad) expect(await ask(cookie)).toBe('b');
    expect(counts().refused).toBe(bad.length);
  });

  it('is the last one if there are several, as with other cookies', async () => {
    const { app, change } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    await change(sticky(1));
    const ask = async (cookies: string) =>
      (await request(app).get('/variant/exp').set('Cookie', cookies)).body as unknown;
    expect(await ask(`__cwst=forged; ${cookiesOf(first)}`)).toBe('a');
    expect(await ask(`${cookiesOf(first)}; __cwst=forged`)).toBe('b');
  });

  it('is accepted with an older secret, and signed with the first one then', async () => {
    const before = changingApp(express, [sticky(99)], options);
    const first = await request(before.app).get('/variant/exp');
    const rotated = changingApp(express, [sticky(1)], {
      sticky: { secret: ['the next secret of these tests, too', SECRET] },
    });
    const moved = await request(rotated.app).get('/variant/exp').set('Cookie', cookiesOf(first));
    expect(moved.body).toBe('a');
    expect(stickyOf(moved)).toBeDefined();
    const tracking = cookiesOf(first).replace(/__cwst=[^;]+(?:; )?/, '');
    const after = changingApp(express, [sticky(1)], {
      sticky: { secret: 'the next secret of these tests, too' },
    });
    const ask = async (value: string | undefined) =>
      (await request(after.app).get('/variant/exp').set('Cookie', `${tracking}; __cwst=${value}`))
        .body as unknown;
    expect(await ask(stickyOf(moved))).toBe('a');
    expect(await ask(stickyOf(first))).toBe('b');
    expect(after.counts().refused).toBe(1);
  });

  it('is renewed after half of its life, and ignored after the whole', async () => {
    const { app, change, counts } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    await change(sticky(1));
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    const after = async (days: number) => {
      clock.mockReturnValue(now + days * DAY_MS);
      const cookies = `${cookiesOf(first)}; __cwtk_r=1`;
      return request(app).get('/variant/exp').set('Cookie', cookies);
    };
    try {
      expect(stickyOf(await after(HALF_LIFE_DAYS - 1))).toBeUndefined();
      const renewed = await after(HALF_LIFE_DAYS + 1);
      expect([renewed.body, stickyOf(renewed) !== undefined]).toEqual(['a', true]);
      // A clock that jumps back is no reason to lose a variant.
      expect((await after(-10)).body).toBe('a');
      expect((await after(366)).body).toBe('b');
      expect(counts().refused).toBe(1);
    } finally {
      clock.mockRestore();
    }
  });

  it('drops the oldest assignments that do not fit into 4,096 bytes, and warns once', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `exp_${i}`);
    const all = (a: number) => names.map((name) => sticky(a, { name }));
    const { app, change, lines } = changingApp(express, all(99), options, (extended) => {
      extended.get('/all', (req, res) => {
        res.json(names.map((name) => req.variant(name)));
      });
    });
    const agent = request.agent(app);
    const first = await agent.get('/all');
    const line = setCookies(first).find((one) => one.startsWith('__cwst=')) ?? '';
    expect(line.length).toBeLessThanOrEqual(4096);
    expect(line.length).toBeGreaterThan(4070);
    await request(app).get('/all');
    expect(lines.warnings).toEqual([
      expect.stringContaining('the cookie __cwst has no room for all sticky assignments'),
    ]);
    await change(...all(1));
    const ask = async (name: string) => (await agent.get(`/variant/${name}`)).body as unknown;
    expect([await ask('exp_299'), await ask('exp_150')]).toEqual(['a', 'a']);
    expect(await ask('exp_0')).toBe('b');
  });

  it('loses the assignments of experiments that are over when it is set again', async () => {
    const { app, change } = changingApp(
      express,
      [sticky(99), sticky(99, { name: 'old' })],
      options,
    );
    const agent = request.agent(app);
    await agent.get('/variant/old');
    const two = stickyOf(await agent.get('/variant/exp')) ?? '';
    await change(sticky(99), sticky(99, { name: 'next' }));
    const still = stickyOf(await agent.get('/variant/next')) ?? '';
    expect(still).toHaveLength(two.length);
    await change(sticky(1), sticky(1, { name: 'old' }), sticky(1, { name: 'next' }));
    const ask = async (name: string) => (await agent.get(`/variant/${name}`)).body as unknown;
    expect([await ask('exp'), await ask('next'), await ask('old')]).toEqual(['a', 'a', 'b']);
  });

  it('is neither read nor set without consent, and expires when consent is refused', async () => {
    const consent = (req: Request) => {
      const answer = req.get('x-consent');
      return answer === undefined ? undefined : answer === 'yes';
    };
    const { app, change, counts } = changingApp(express, [sticky(99, { identity: 'user.id' })], {
      ...options,
      trackingCookie: { consent },
    });
    const ask = (cookie: string, answer?: string) => {
      const asked = request(app)
        .get('/variant/exp')
        .set('x-user', '{"id":7}')
        .set('Cookie', cookie);
      return answer === undefined ? asked : asked.set('x-consent', answer);
    };
    expect(setCookies(await ask(''))).toEqual([]);
    const agreed = await ask('', 'yes');
    expect(setCookies(agreed)).toHaveLength(1);
    await change(sticky(1, { identity: 'user.id' }));
    const cookie = cookiesOf(agreed);
    expect((await ask(cookie, 'yes')).body).toBe('a');
    const unknown = await ask(cookie);
    expect([unknown.body, setCookies(unknown)]).toEqual(['b', []]);
    const refused = await ask(cookie, 'no');
    expect(refused.body).toBe('b');
    expect(setCookies(refused)).toEqual([expect.stringMatching(/^__cwst=; Max-Age=0; /)]);
    expect(refused.headers['cache-control']).toBe('private');
    expect(counts().refused).toBe(0);
  });

  it('can not be set after the headers are sent, which is logged once, and nothing is kept', async () => {
    const { app, lines } = changingApp(
      express,
      [sticky(99, { identity: 'user.id' })],
      options,
      (extended) => {
        extended.get('/late', (req, res) => {
          res.write('soon ');
          res.end(req.variant('exp'));
        });
      },
    );
    for (let i = 0; i < 2; i++) {
      const response = await request(app).get('/late').set('x-user', '{"id":7}');
      expect([response.text, setCookies(response)]).toEqual(['soon a', []]);
    }
    expect(lines.warnings).toEqual([
      "evenhand: a sticky experiment was decided after the response's headers were sent, so the cookie __cwst could not be set and the variant is not kept; call variant() before sending the response",
    ]);
  });

  it('has the attributes that the options say', async () => {
    const { app, lines } = changingApp(express, [sticky(99)], {
      sticky: {
        secret: SECRET,
        name: '__Secure-kept',
        maxAgeMs: 2 * DAY_MS,
        sameSite: 'none',
        path: '/variant',
        domain: 'example.com',
      },
    });
    const [line] = setCookies(await request(app).get('/variant/exp'));
    expect(line).toMatch(
      /^__Secure-kept=1\*\S+; Max-Age=172800; Domain=example.com; Path=\/variant; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/,
    );
    expect(lines.warnings).toEqual([
      expect.stringMatching(/^evenhand: browsers accept the cookie __Secure-kept over HTTPS only/),
    ]);
  });

  it('works behind cookie-parser, and with a cookie that the application removed', async () => {
    const { app: inner, change } = changingApp(express, [sticky(99)], options);
    const app = express().use(cookieParser('x'), inner);
    const agent = request.agent(app);
    const first = await agent.get('/variant/exp');
    await change(sticky(1));
    expect((await agent.get('/variant/exp')).body).toBe('a');
    const removing = express().use(
      cookieParser('x'),
      (req, _res, next) => {
        delete (req.cookies as Record<string, unknown>)['__cwst'];
        next();
      },
      inner,
    );
    expect((await request(removing).get('/variant/exp').set('Cookie', cookiesOf(first))).body).toBe(
      'b',
    );
  });

  it('is set for HEAD requests and prefetches, whose visitors keep the variant too', async () => {
    const { app } = changingApp(express, [sticky(99)], options);
    expect(stickyOf(await request(app).head('/variant/exp'))).toBeDefined();
    const prefetch = request(app).get('/variant/exp').set('Sec-Purpose', 'prefetch');
    expect(stickyOf(await prefetch)).toBeDefined();
  });

  it('keeps the variant of two first requests at once, which decide alike', async () => {
    const { app, change } = changingApp(express, [sticky(50)], options);
    const cookie = '__cwtk=visitor-1; __cwtk_r=1';
    const both = await Promise.all(
      [0, 1].map(() => request(app).get('/variant/exp').set('Cookie', cookie)),
    );
    const [one, other] = both;
    expect(one?.body).toBe(other?.body);
    await change(sticky(one?.body === 'a' ? 1 : 99));
    for (const first of both) {
      const later = request(app)
        .get('/variant/exp')
        .set('Cookie', `${cookie}; ${cookiesOf(first)}`);
      expect((await later).body).toBe(one?.body);
    }
  });

  it('leads to exposures that are marked as sticky, and to a decision of that reason', async () => {
    const records: EventRecord[] = [];
    const sink = callbackSink((batch) => void records.push(...batch));
    const reasons: unknown[] = [];
    const { app, change, middleware } = changingApp(
      express,
      [sticky(99, { identity: 'user.id' })],
      {
        ...options,
        exposures: { sink },
        hooks: { decision: ({ reason }) => reasons.push(reason) },
      },
      (extended) => {
        extended.get('/explain', (req, res) => {
          res.json({ ...req.experiments.explain('exp'), kept: req.experiments.assignments() });
        });
      },
    );
    const agent = request.agent(app);
    await agent.get('/variant/exp').set('x-user', '{"id":7}');
    await change(sticky(1, { identity: 'user.id' }));
    await agent.get('/variant/exp').set('x-user', '{"id":7}');
    await middleware.exposures?.flush();
    const shared = {
      event: 'exposure',
      variant: 'a',
      identity: 'user.id',
      unit: '7',
      overridden: false,
    };
    expect(records).toEqual([
      expect.objectContaining({ ...shared, audience: 0, bucket: expect.any(Number) as number }),
      expect.objectContaining({ ...shared, sticky: true }),
    ]);
    expect(records[0]).not.toHaveProperty('sticky');
    expect(records[1]).not.toHaveProperty('bucket');
    expect(records[1]).not.toHaveProperty('audience');
    expect(reasons).toEqual(['allocation', 'sticky']);
    const explained = await agent.get('/explain').set('x-user', '{"id":7}');
    expect(explained.body).toMatchObject({
      variant: 'a',
      reason: 'sticky',
      kept: [{ experiment: 'exp', seed: 'exp', variant: 'a', units: { 'user.id': '7' } }],
    });
  });

  it('never makes a request fail, whatever its bytes are', async () => {
    const { app, change } = changingApp(express, [sticky(99)], options);
    const first = await request(app).get('/variant/exp');
    const value = stickyOf(first) ?? '';
    const tracking = cookiesOf(first).replace(/__cwst=[^;]+(?:; )?/, '');
    await change(sticky(1));
    const bytes = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)),
    });
    const changed = fc
      .tuple(fc.nat(value.length - 1), bytes)
      .map(([at, text]) => value.slice(0, at) + text + value.slice(at + text.length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, changed), async (cookie) => {
        // Node refuses to send a delete character.
        const sent = cookie.replaceAll('\u007f', '');
        const response = await request(app)
          .get('/variant/exp')
          .set('Cookie', `${tracking}; __cwst=${sent}`);
        expect(response.status).toBe(200);
        // Only the unchanged cookie counts, with any white space around it or another cookie after it.
        const counts = sent.split(';').some((one) => one.includes(value));
        expect(counts ? 'b' : response.body).toBe('b');
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('the option "sticky"', () => {
  const made = (sticky: object) => () =>
    evenhand({ source: [], logger: false, sticky: sticky as never });

  it.each([
    [{}, 'set "secret" for a cookie, or both "read" and "write"'],
    [{ read: () => [] }, 'set "secret" for a cookie, or both "read" and "write"'],
    [{ secret: 'too short' }, 'option "secret" must be a text of at least 32 characters'],
    [{ secret: [] }, 'or a list of 1 to 10 of them'],
    [{ secret: [SECRET, 'x'] }, 'create one with: openssl rand -base64 32'],
    [{ secret: SECRET, read: () => [] }, '"read" has no effect'],
    [{ read: () => [], write: () => {}, name: 'x' }, '"name" needs "secret"'],
    [{ read: () => [], write: () => {}, timeoutMs: 0 }, 'milliseconds from 1'],
    [{ secret: SECRET, name: '__cwtk' }, 'another cookie of evenhand() is named "__cwtk"'],
    [{ secret: SECRET, name: '__cw' }, 'another cookie of evenhand() is named "__cw"'],
    [{ secret: SECRET, sameSite: 'none', secure: false }, 'browsers refuse a cookie'],
    [{ secret: SECRET, name: '__Host-x', path: '/x' }, 'with another path than "/"'],
    [{ secret: SECRET, secrets: 1 }, 'did you mean "secret"?'],
  ])('refuses %j', (given, message) => {
    expect(made(given)).toThrow(message);
  });

  it('never shows a secret in a message', () => {
    for (const given of [{ secret: 'hunter2' }, { secret: ['hunter2'] }, 'hunter2']) {
      expect(made(given as object)).toThrow(/^(?!.*hunter2)/s);
    }
  });

  it('is missed by a warning when an experiment is sticky', async () => {
    const warn = jest.fn();
    const logger = { warn, error: jest.fn() };
    const source = { experiments: [sticky(50)] };
    const middleware = evenhand({ source, logger });
    await middleware.reload();
    expect(warn.mock.calls).toEqual([
      [
        'evenhand: "sticky": true has no effect yet (exp): nothing keeps the variants; set the option sticky: { secret } for a cookie, or sticky: { read, write }',
      ],
    ]);
    await middleware.close();
    warn.mockClear();
    evenhand({ source, logger, sticky: { secret: SECRET } });
    evenhand({ source: [], logger });
    expect(warn).not.toHaveBeenCalled();
  });
});
