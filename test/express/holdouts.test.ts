import type { EvenhandOptions } from 'evenhand';
import { fixedExperiments, overrideExperiment, recordingSink } from 'evenhand/testing';
import request from 'supertest';
import { bucketOfText } from '../../src/hash/bucket.ts';
import { Lines, testApp, versions } from './harness.ts';

const half = [
  { variant: 'fast', percent: 50 },
  { variant: 'control', percent: 50 },
];

const variants = [{ name: 'fast' }, { name: 'control' }];

const source = {
  experiments: [
    { name: 'by_user', identity: 'user.id', variants, audiences: [{ allocations: half }] },
    { name: 'by_visitor', identity: 'anonymous', variants, audiences: [{ allocations: half }] },
    'launched:on',
    'free:on',
  ],
  holdouts: [
    { name: 'winter', identity: 'user.id', percent: 20, experiments: ['by_user', 'launched'] },
    { name: 'visitors', identity: 'anonymous', percent: 20, experiments: ['by_visitor'] },
  ],
};

function idBy(isHeldOut: boolean): number {
  for (let id = 1; ; id++) if (bucketOfText(String(id), 'winter') < 20 === isHeldOut) return id;
}

/** A tracking key that the holdout of visitors holds out, or includes. */
function keyBy(isHeldOut: boolean): string {
  for (let i = 0; ; i++) {
    const key = i.toString(16).padStart(32, '0');
    if (bucketOfText(key, 'visitors') < 20 === isHeldOut) return key;
  }
}

const asUser = (id: number | null) => JSON.stringify({ id });

describe.each(versions)('holdouts on Express $version', ({ express }) => {
  const lines = new Lines();

  beforeEach(() => {
    lines.warnings.length = 0;
    lines.errors.length = 0;
  });

  function appWith(options: EvenhandOptions = {}) {
    const sink = recordingSink();
    const { app, middleware } = testApp(
      express,
      { source, logger: lines, exposures: { sink }, ...options },
      (made) => {
        made.get('/explain/:name', (req, res) => {
          res.json(req.experiments.explain(req.params.name));
        });
        made.get('/bought', (req, res) => {
          req.track('purchase');
          res.json('bought');
        });
      },
    );
    const exposures = async (): Promise<string[]> => {
      await middleware.exposures?.flush();
      return sink
        .exposures()
        .map(
          ({ experiment, variant, overridden }) =>
            `${experiment}=${variant}${overridden ? '!' : ''}`,
        );
    };
    return { app, sink, exposures, middleware };
  }

  it('give the control and record the holdout, not the experiment', async () => {
    const { app, exposures, sink } = appWith();
    const user = asUser(idBy(true));
    await request(app).get('/variant/by_user').set('x-user', user).expect(200, '"control"');
    await request(app).get('/variant/by_user').set('x-user', user).expect(200, '"control"');
    await request(app).get('/variant/launched').set('x-user', user).expect(200, '"off"');
    await request(app).get('/variant/free').set('x-user', user).expect(200, '"on"');
    expect(await exposures()).toEqual(['winter=held_out']);
    expect(sink.exposures('winter')[0]).toMatchObject({
      identity: 'user.id',
      unit: `${idBy(true)}`,
    });
  });

  it('record both sides, so that they can be compared', async () => {
    const { app, exposures } = appWith();
    for (let id = 1; id <= 40; id++) {
      await request(app).get('/variant/by_user').set('x-user', asUser(id)).expect(200);
    }
    const seen = await exposures();
    const held = Array.from({ length: 40 }, (_, i) => bucketOfText(`${i + 1}`, 'winter') < 20);
    const heldOut = held.filter(Boolean).length;
    expect(heldOut).toBeGreaterThan(2);
    expect(seen.filter((one) => one === 'winter=held_out')).toHaveLength(heldOut);
    expect(seen.filter((one) => one === 'winter=included')).toHaveLength(40 - heldOut);
    expect(seen.filter((one) => one.startsWith('by_user='))).toHaveLength(40 - heldOut);
  });

  it('vary by cookie, and set the tracking cookie only if its key decides', async () => {
    const { app } = appWith();
    const launched = await request(app)
      .get('/variant/launched')
      .set('x-user', asUser(idBy(false)));
    expect(launched.headers['vary']).toBe('Cookie');
    expect(launched.headers['set-cookie']).toBeUndefined();
    // No holdout lists this switch, which is on for everyone.
    const free = await request(app).get('/variant/free');
    expect(free.headers['vary']).toBeUndefined();
    const visitor = await request(app).get('/variant/by_visitor');
    expect(visitor.headers['set-cookie']?.[0]).toMatch(/^__cwtk=/);
  });

  it('hold a visitor out by the tracking cookie', async () => {
    const { app, exposures } = appWith();
    const held = await request(app)
      .get('/variant/by_visitor')
      .set('Cookie', `__cwtk=${keyBy(true)}`)
      .expect(200, '"control"');
    expect(held.headers['vary']).toBe('Cookie');
    await request(app)
      .get('/variant/by_visitor')
      .set('Cookie', `__cwtk=${keyBy(false)}`);
    expect(await exposures()).toEqual([
      'visitors=held_out',
      expect.stringMatching(/^by_visitor=/),
      'visitors=included',
    ]);
  });

  it('set the tracking cookie of a new visitor who is held out', async () => {
    const everyone = { ...source.holdouts[1], percent: 100 };
    const { app } = appWith({ source: { ...source, holdouts: [everyone] } });
    const agent = request.agent(app);
    const first = await agent.get('/variant/by_visitor').expect(200, '"control"');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^__cwtk=/);
  });

  it('include participants without the identity, and record nothing of the holdout', async () => {
    const { app, exposures } = appWith();
    await request(app).get('/variant/launched').expect(200, '"on"');
    await request(app).get('/variant/launched').set('x-user', asUser(null)).expect(200, '"on"');
    expect(await exposures()).toEqual([]);
    expect([...lines.warnings, ...lines.errors]).toEqual([]);
  });

  it('hold no one out by the tracking key without consent, silently and without a cookie', async () => {
    const everyone = {
      ...source.holdouts[1],
      percent: 100,
      experiments: ['by_visitor', 'launched'],
    };
    const { app, exposures } = appWith({
      source: { ...source, holdouts: [everyone] },
      trackingCookie: { consent: (req) => req.headers['x-consent'] === 'yes' },
    });
    await request(app).get('/variant/by_visitor').expect(200, 'null');
    const switched = await request(app).get('/variant/launched').expect(200, '"on"');
    expect(switched.headers['set-cookie']).toBeUndefined();
    expect(await exposures()).toEqual([]);
    const agreed = await request(app).get('/variant/launched').set('x-consent', 'yes');
    expect(agreed.body).toBe('off');
    expect(agreed.headers['set-cookie']?.[0]).toMatch(/^__cwtk=/);
    expect([...lines.warnings, ...lines.errors]).toEqual([]);
  });

  it('can be forced by the override cookie, which is recorded as forced', async () => {
    const { app, exposures } = appWith();
    const held = overrideExperiment(request(app).get('/variant/by_user'), { winter: 'held_out' });
    const response = await held.set('x-user', asUser(idBy(false))).expect(200, '"control"');
    expect(response.headers['cache-control']).toContain('private');
    expect(await exposures()).toEqual(['winter=held_out!']);
    expect([...lines.warnings, ...lines.errors]).toEqual([]);
    const wrong = overrideExperiment(request(app).get('/variant/by_user'), { winter: 'out' });
    await wrong.set('x-user', asUser(idBy(true))).expect(200, '"control"');
    expect(lines.warnings).toEqual([
      expect.stringContaining('"out", which "winter" does not have; declared: held_out, included'),
    ]);
  });

  it('give way to an override of the experiment, without a record of the holdout', async () => {
    const { app, exposures } = appWith();
    const forced = overrideExperiment(request(app).get('/variant/by_user'), { by_user: 'fast' });
    await forced.set('x-user', asUser(idBy(true))).expect(200, '"fast"');
    expect(await exposures()).toEqual(['by_user=fast!']);
  });

  it('are explained in the request', async () => {
    const { app } = appWith();
    const user = asUser(idBy(true));
    const decision = await request(app).get('/explain/by_user').set('x-user', user);
    expect(decision.body).toMatchObject({
      variant: 'control',
      reason: 'holdout',
      holdout: 'winter',
    });
    const holdout = await request(app).get('/explain/winter').set('x-user', user);
    expect(holdout.body).toMatchObject({ variant: 'held_out', reason: 'allocation' });
  });

  it('expose nothing to a request that no person sees', async () => {
    const { app, exposures } = appWith();
    await request(app)
      .get('/variant/by_user')
      .set('x-user', asUser(3))
      .set('Sec-Purpose', 'prefetch');
    expect(await exposures()).toEqual([]);
  });

  it('add their identity to the units of outcomes', async () => {
    const { app, sink, exposures } = appWith({
      source: {
        ...source,
        experiments: source.experiments.map((one) =>
          typeof one === 'string' ? one : { ...one, identity: 'anonymous' },
        ),
      },
    });
    await request(app)
      .get('/bought')
      .set('x-user', asUser(7))
      .set('Cookie', `__cwtk=${keyBy(true)}`);
    await exposures();
    expect(sink.outcomes('purchase')[0]?.units).toEqual({ anonymous: keyBy(true), 'user.id': '7' });
  });

  it('do not change what fixedExperiments() fixes', async () => {
    const everyone = source.holdouts.map((holdout) => ({ ...holdout, percent: 100 }));
    const fixed = fixedExperiments({ by_user: 'fast' }, { ...source, holdouts: everyone });
    const { app } = appWith({ source: fixed });
    const user = asUser(5);
    const pinned = await request(app).get('/variant/by_user').set('x-user', user);
    const other = await request(app).get('/variant/launched').set('x-user', user);
    expect([pinned.body, other.body]).toEqual(['fast', 'off']);
  });
});
