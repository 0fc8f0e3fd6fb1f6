import { createHmac } from 'node:crypto';
import express from 'express';
import request from 'supertest';
import { createExposures } from 'evenhand';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { usedIn, viewedApp, type ViewedOptions } from './viewed-app.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const source = {
  experiments: [
    {
      name: 'mails',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          rule: 'user["email"] != "x" and user.id != "nobody" and tenant != 1 and tags[0] != "x" and user.email.lower != "y"',
          allocations: half,
        },
        { allocations: half },
      ],
    },
    {
      name: 'visits',
      identity: 'anonymous',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ allocations: half }],
    },
  ],
};

const user = { 'x-user': '{"id":"u-17","email":"who@shop.example","password":"hash-of-it"}' };

const SECRET_VALUES = ['who@shop.example', 'hash-of-it', 'tenant-secret', 'session-secret'];

/** Shows a page that decides both experiments. */
function app(given: Partial<ViewedOptions> = {}) {
  return viewedApp({
    express,
    page: (req) => [req.variant('mails' as never), req.variant('visits' as never)],
    ...given,
    options: {
      source,
      contextProvider: () => ({
        tenant: { id: 3, key: 'tenant-secret' },
        tags: ['red', { key: 'tenant-secret' }],
        unread: 'tenant-secret',
      }),
      ...given.options,
    },
  });
}

describe('the toolbar’s view', () => {
  it('shows only values that rules and identities name, and no parts of objects', async () => {
    const { app: shop, view } = app();
    await request(shop)
      .get('/')
      .set({ ...user, Cookie: 'session=session-secret' })
      .expect(200);
    expect(view().context).toEqual([
      { path: 'user["email"]', text: 'who@shop.example' },
      { path: 'user.id', text: 'u-17' },
      { path: 'tenant', text: 'an object with 2 names' },
      { path: 'tags[0]', text: 'red' },
      { path: 'user.email.lower', text: 'who@shop.example' },
    ]);
    const text = JSON.stringify(view());
    expect(SECRET_VALUES.filter((value) => text.includes(value))).toEqual(['who@shop.example']);
  });

  it('hides paths that the application lists, and all below them, however rules write them', async () => {
    const { app: shop, view } = app({ redact: ['user.email', 'tags'] });
    await request(shop).get('/').set(user).expect(200);
    expect(view().context.map(({ text }) => text)).toEqual([
      'hidden',
      'u-17',
      'an object with 2 names',
      'hidden',
      'hidden',
    ]);
    expect(JSON.stringify(view())).not.toContain('shop.example');
    expect(JSON.parse(view().contextJson)).toEqual({
      user: { id: 'u-17' },
      anonymous: expect.any(String),
    });
  });

  it('hides the user with all attributes', async () => {
    const { app: shop, view } = app({ redact: ['user'] });
    await request(shop).get('/').set(user).expect(200);
    expect(view().page.user).toBeUndefined();
    expect(usedIn(view(), 'mails').identity).toEqual({ path: 'user.id', text: 'hidden' });
    const text = JSON.stringify(view());
    expect(['u-17', 'shop.example'].filter((value) => text.includes(value))).toEqual([]);
  });

  it('shows what the application’s function returns, and hides a value if it throws', async () => {
    const redact = (path: string, value: unknown): unknown => {
      if (path === 'user.email') return '***';
      if (path === 'tenant') throw new Error('not this one');
      return value;
    };
    const { app: shop, view } = app({ redact });
    await request(shop).get('/').set(user).expect(200);
    expect(view().context.map(({ text }) => text)).toEqual([
      '***',
      'u-17',
      'hidden',
      'red',
      'who@shop.example',
    ]);
    expect(JSON.parse(view().contextJson)).toMatchObject({ user: { id: 'u-17' } });
  });

  it('hides a value for which the application’s function returns a promise', async () => {
    const { app: shop, view } = app({
      redact: (path, value) => (path === 'user.email' ? Promise.reject(new Error(path)) : value),
    });
    await request(shop).get('/').set(user).expect(200);
    expect(view().context[0]).toEqual({ path: 'user["email"]', text: 'hidden' });
    expect(JSON.parse(view().contextJson)).not.toHaveProperty('user.email');
  });

  it.each([
    ['by a list', ['user.email', 'tags', 'login']],
    ['by a function', (path: string, value: unknown) => (path === 'user.id' ? value : '***')],
  ] as const)('hides values, %s, in the messages of errors too', async (_how, redact) => {
    const rules = ['user.email < now', 'tags[0] < now', 'login == 1'];
    const failing = rules.map((rule, i) => ({
      name: `failing${i}`,
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ rule, allocations: half }, { allocations: half }],
    }));
    for (const onError of ['throw', 'fallback'] as const) {
      const { app: shop, view } = app({
        redact,
        page: (req) =>
          failing.map(({ name }) => {
            try {
              return req.variant(name as never);
            } catch {
              return null;
            }
          }),
        options: {
          source: { experiments: failing },
          onError,
          contextProvider: () => ({ tags: ['very-secret'] }),
          lazy: {
            login: (req) => {
              throw new Error(`no login of ${String(req.get('x-user'))}, very-secret`);
            },
          },
        },
      });
      await request(shop).get('/').set(user).expect(200);
      const text = JSON.stringify(view().used.slice(0, 2));
      expect(text).toContain("can't compare a date with hidden");
      expect(text).not.toContain('very-secret');
      expect(JSON.stringify(view())).not.toContain('who@shop.example');
    }
  });

  it('shows units as the hashes that are recorded', async () => {
    const sink = recordingSink();
    const secret = 'h'.repeat(32);
    const { app: shop, view } = app({
      options: { exposures: createExposures({ sink, privacy: 'hash', secret }) },
    });
    await request(shop).get('/').set(user).expect(200);
    const hash = createHmac('sha256', secret).update('u-17').digest('hex');
    expect(usedIn(view(), 'mails').identity).toEqual({ path: 'user.id', text: hash });
    expect(view().page.user).toBe(hash);
    expect(view().context[1]).toEqual({ path: 'user.id', text: hash });
    expect(JSON.stringify(view())).not.toContain('u-17');
    // A list with an object can't be copied.
    expect(JSON.parse(view().contextJson)).toEqual({ user: { email: 'who@shop.example' } });
  });

  it('shows the beginning of a tracking key', async () => {
    const { app: shop, view } = app();
    await request(shop)
      .get('/')
      .set({ ...user, Cookie: '__cwtk=0123456789abcdef' })
      .expect(200);
    expect(usedIn(view(), 'visits').identity).toEqual({ path: 'anonymous', text: '01234567…' });
  });
});
