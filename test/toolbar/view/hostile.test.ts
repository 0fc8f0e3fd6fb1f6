import express from 'express';
import request from 'supertest';
import type { ToolbarView } from '../../../src/toolbar/view/toolbar-view.ts';
import { usedIn, viewedApp, type ViewedOptions } from './viewed-app.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

/** An experiment whose only rule reads `thing`. */
function reading(rule: string) {
  return [
    {
      name: 'reads',
      identity: 'random',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ rule, allocations: half }, { allocations: half }],
    },
  ];
}

async function viewOf(thing: unknown, given: Partial<ViewedOptions> = {}): Promise<ToolbarView> {
  const { app, view } = viewedApp({
    express,
    page: (req) => req.variant('reads' as never),
    ...given,
    options: {
      source: reading('thing == 1 or thing != thing or "x" in [thing]'),
      onError: 'fallback',
      contextProvider: () => ({ thing }),
      ...given.options,
    },
  });
  await request(app).get('/').expect(200);
  return view();
}

const cyclic: Record<string, unknown> = { name: 'cyclic' };
cyclic.self = cyclic;

const refusing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('get');
    },
    has: () => {
      throw new Error('has');
    },
    ownKeys: () => {
      throw new Error('ownKeys');
    },
    getOwnPropertyDescriptor: () => {
      throw new Error('descriptor');
    },
    getPrototypeOf: () => {
      throw new Error('prototype');
    },
  },
);

const revoked = Proxy.revocable({}, {});
revoked.revoke();

class Getter {
  get toString(): never {
    throw new Error('toString');
  }
}

const huge = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));

const ENOUGH = 20_000;

describe('the toolbar’s view of hostile input', () => {
  it.each<[string, unknown]>([
    ['a cyclic object', cyclic],
    ['a proxy that throws', refusing],
    ['a revoked proxy', revoked.proxy],
    ['an object whose getter throws', new Getter()],
    ['an object with 100,000 names', huge],
    ['a list with 100,000 items', Array.from({ length: 100_000 }, (_, i) => ({ i }))],
    [
      'a list in a list',
      Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => 'x'.repeat(500))),
    ],
    ['a text of a million characters', '\u{1f600}'.repeat(500_000)],
    ['markup', '</template><script>alert(1)</script>\u202e\u0000'],
    ['a symbol', Symbol('s')],
    ['a function', () => 1],
    ['an invalid date', new Date(Number.NaN)],
    ['a bigint', 2n ** 4000n],
    ['an object with __proto__', JSON.parse('{"__proto__":{"x":1}}')],
  ])('is bounded JSON for %s', async (_what, thing) => {
    const view = await viewOf(thing);
    const text = JSON.stringify(view);
    expect(JSON.parse(text)).toHaveProperty('used.0.name', 'reads');
    expect(text.length).toBeLessThan(ENOUGH);
    for (const { text: shown } of view.context) expect(shown.length).toBeLessThanOrEqual(200);
  });

  it('is bounded for a thousand names and long ones', async () => {
    const view = await viewOf(1, {
      page: (req) => {
        req.variant('</div>\u202e'.repeat(10_000) as never);
        for (let i = 0; i < 5000; i++) req.variant(`n${i}` as never);
        req.namespace('x'.repeat(100_000) as never);
      },
    });
    expect(view.used).toHaveLength(1000);
    expect(view.used[0]?.name).toHaveLength(200);
    expect(view.namespaces).toEqual([]);
  });

  it('cuts names of namespaces', async () => {
    const view = await viewOf(1, {
      page: (req) => void req.namespace('x'.repeat(100_000) as never),
    });
    expect(view.namespaces[0]?.name).toHaveLength(200);
  });

  it.each([
    [
      'an error with a getter',
      Object.defineProperty({}, 'message', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    ['a proxy', refusing],
    ['nothing', undefined],
    ['a long text', 'x'.repeat(100_000)],
  ])('is bounded if a lazy value throws %s', async (_what, thrown) => {
    const view = await viewOf(1, {
      options: {
        source: reading('lazily == 1'),
        lazy: {
          lazily: () => {
            throw thrown;
          },
        },
      },
    });
    expect(usedIn(view, 'reads')).toMatchObject({
      why: expect.stringMatching(/^failed; /),
      tone: 'bad',
    });
    expect(JSON.stringify(view).length).toBeLessThan(ENOUGH);
  });

  it('is bounded for a long cookie and path', async () => {
    const { app, view } = viewedApp({
      express,
      attention: { mayOverride: true },
      options: { source: reading('True'), logger: false },
      page: (req) => req.variant('reads' as never),
    });
    const cookie = Array.from({ length: 300 }, (_, i) => `n${i}:v`).join(' ');
    await request(app)
      .get(`/?${'q'.repeat(3000)}`)
      .set('Cookie', `__cw="${cookie}"`)
      .expect(200);
    expect(view().page.path).toHaveLength(200);
    expect(view().forced).toHaveLength(100);
  });

  it('shows an identity whose text is hostile', async () => {
    const { app, view } = viewedApp({
      express,
      options: {
        source: [{ ...reading('True')[0], identity: 'user.id' }],
      },
      page: (req) => {
        Object.assign(req, { user: { id: '</template>\u{1f600}'.repeat(1000) } });
        return req.variant('reads' as never);
      },
    });
    await request(app).get('/').expect(200);
    const text = usedIn(view(), 'reads').identity?.text ?? '';
    expect(text.length).toBeLessThanOrEqual(200);
    // Throws for half a character.
    expect(encodeURIComponent(text)).toMatch(/%E2%80%A6$/);
  });
});
