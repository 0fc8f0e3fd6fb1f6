import { createExposures, type EvenhandOptions } from 'evenhand';
import request from 'supertest';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { experiments, versions } from '../../express/harness.ts';
import { namespaceIn, usedIn, viewedApp } from './viewed-app.ts';

const pro = { 'x-user': '{"id":1,"plan":"pro","email":"pro@shop.example"}' };

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const ab = { variants: [{ name: 'a' }, { name: 'b' }], audiences: [{ allocations: half }] };

const all = (variant: string) => [{ variant, percent: 100 }];

/** Experiments that use each reason for a decision. */
const source = {
  experiments: [
    ...experiments,
    {
      name: 'plans',
      description: 'Shows the new plans.',
      owner: 'team-a',
      identity: ['tenant.id', 'user.id'],
      variants: [{ name: 'control' }, { name: 'new' }],
      audiences: [
        {
          rule: 'user.is_authenticated and user.plan in ["pro", "team"]',
          allocations: [
            { variant: 'control', percent: 50 },
            { variant: 'new', percent: 50 },
          ],
        },
        { allocations: all('control') },
      ],
    },
    {
      name: 'asks',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        { rule: 'experiments.by_user in ["a", "b"] and segments.paying', allocations: all('b') },
        { allocations: all('a') },
      ],
    },
    { name: 'held', identity: 'user.id', ...ab },
    { name: 'kept', identity: 'user.id', sticky: true, ...ab },
    { name: 'manual', identity: 'user.id', exposure: 'manual', ...ab },
    { name: 'silent', identity: 'user.id', exposure: 'off', ...ab },
    {
      name: 'planned',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ allocations: all('a') }],
      schedule: [
        { at: '2020-01-01T00:00:00Z', audiences: [{ allocations: all('b') }] },
        { at: '2999-01-01T00:00:00Z', audiences: [{ allocations: all('a') }] },
      ],
    },
  ],
  segments: [{ name: 'paying', rule: 'user.plan == "pro"' }],
  holdouts: [{ name: 'spring', identity: 'user.id', percent: 100, experiments: ['held'] }],
  namespaces: [
    {
      name: 'page',
      unit: 'user.id',
      segments: 10,
      defaults: { size: 12 },
      experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
      history: [{ add: 'words', segments: 10 }],
    },
    { name: 'empty', unit: 'user.id', segments: 10, experiments: [], history: [] },
  ],
};

describe.each(versions)('toolbarView() on Express $version', ({ express }) => {
  const exposing = (): EvenhandOptions => ({
    source,
    exposures: createExposures({ sink: recordingSink() }),
    sticky: { secret: 's'.repeat(32) },
  });

  it('says in one line why each variant was decided', async () => {
    const { app, view } = viewedApp({
      express,
      options: { ...exposing(), onError: 'fallback', trackingCookie: { consent: () => false } },
      attention: { granted: new Map([['chat', 'on']]) },
      page: (req) => {
        for (const name of [
          'search',
          'chat',
          'by_user',
          'by_chance',
          'by_rule',
          'by_region',
          'plans',
          'held',
          'by_anonymous',
          'by_tenant',
          'silent',
          'no_such',
        ]) {
          req.variant(name as never);
        }
      },
    });
    await request(app)
      .get('/')
      .set({ ...pro, Cookie: '__cw=silent:a' })
      .expect(200);
    const reasons = view().used.map(({ name, why, tone }) => `${name}: ${why} (${tone})`);
    expect(reasons).toEqual([
      'search: everyone: on (plain)',
      'chat: forced by a link (forced)',
      expect.stringMatching(/^by_user: audience 1, bucket \d+ of (0–49|50–99) \(plain\)$/),
      'by_chance: random on each request (plain)',
      'by_rule: audience 1: pro (plain)',
      'by_region: failed; everyone else: south (bad)',
      expect.stringMatching(/^plans: audience 1, bucket \d+ of (0–49|50–99) \(plain\)$/),
      'held: in the holdout spring (plain)',
      'by_anonymous: no consent to the tracking cookie (plain)',
      expect.stringMatching(/^by_tenant: failed: .*tenant.*\(bad\)$/),
      'silent: forced by you (forced)',
      'no_such: no experiment has this name (bad)',
    ]);
    expect(view().forced).toEqual([
      { name: 'silent', value: 'a', from: 'cookie' },
      { name: 'chat', value: 'on', from: 'link' },
    ]);
    expect(usedIn(view(), 'silent')).toMatchObject({ isForced: true, canForce: true });
  });

  it('shows clauses with the values they met, the identity, the seed and the strip', async () => {
    const { app, view } = viewedApp({
      express,
      options: { source },
      page: (req) => req.variant('plans'),
    });
    await request(app).get('/').set(pro).expect(200);
    const plans = usedIn(view(), 'plans');
    expect(plans).toMatchObject({
      experiment: {
        kind: 'experiment',
        description: 'Shows the new plans.',
        owner: 'team-a',
        variants: [
          { name: 'control', colour: '0' },
          { name: 'new', colour: '1' },
        ],
        allocation: '2 audiences',
      },
      calls: ['req.variant()'],
      identity: { path: 'user.id', text: '1' },
      seed: 'plans',
      strip: {
        shares: [
          { variant: 'control', percent: 50 },
          { variant: 'new', percent: 50 },
        ],
      },
      notes: ['tenant.id is missing, so the next identity is used'],
    });
    expect(plans.audiences).toEqual([
      {
        audience: 0,
        rule: 'user.is_authenticated and user.plan in ["pro", "team"]',
        outcome: 'matched',
        clauses: [
          {
            clause: 'user.is_authenticated',
            outcome: true,
            values: { 'user.is_authenticated': true },
          },
          { clause: 'user.plan in ["pro", "team"]', outcome: true, values: { 'user.plan': 'pro' } },
        ],
      },
    ]);
    expect(view().context).toEqual([
      { path: 'user.is_authenticated', text: 'true' },
      { path: 'user.plan', text: 'pro' },
    ]);
    expect(JSON.parse(view().contextJson)).toEqual({
      user: { id: 1, is_authenticated: true, plan: 'pro' },
    });
    expect(view().page).toMatchObject({ method: 'GET', path: '/', user: '1', stale: undefined });
  });

  it('explains rules that ask for other experiments with their decisions', async () => {
    const { app, view } = viewedApp({
      express,
      options: { source },
      page: (req) => req.variant('asks'),
    });
    await request(app).get('/').set(pro).expect(200, '"b"');
    expect(view().used.map(({ name }) => name)).toEqual(['asks']);
    const [audience] = usedIn(view(), 'asks').audiences;
    expect(audience?.clauses.map(({ clause, segment }) => [clause, segment])).toEqual([
      ['experiments.by_user in ["a", "b"]', undefined],
      ['segments.paying', undefined],
      ['user.plan == "pro"', 'paying'],
    ]);
    expect(JSON.parse(view().contextJson)).toEqual({ user: { id: 1, plan: 'pro' } });
  });

  it('describes holdouts, schedules and kept variants', async () => {
    const { app, view } = viewedApp({
      express,
      options: exposing(),
      page: (req) => ['held', 'planned', 'kept'].map((name) => req.variant(name as never)),
    });
    const first = await request(app).get('/').set(pro).expect(200);
    expect(usedIn(view(), 'held').notes).toEqual([
      expect.stringMatching(/^the holdout spring holds the unit out, bucket \d+$/),
    ]);
    expect(usedIn(view(), 'planned').notes).toEqual([
      'the schedule step of 2020-01-01T00:00:00Z is in force; the next step comes at 2999-01-01T00:00:00Z',
    ]);
    const cookie = [first.get('Set-Cookie') ?? []].flat().map((one) => one.split(';')[0]);
    await request(app)
      .get('/')
      .set({ ...pro, Cookie: cookie.join('; ') })
      .expect(200);
    expect(usedIn(view(), 'kept')).toMatchObject({
      why: 'kept from an earlier visit',
      notes: ['the unit keeps its variant; no rule was evaluated'],
      identity: { path: 'user.id', text: '1' },
    });
  });

  it('says why an exposure was not recorded', async () => {
    const { app, view } = viewedApp({
      express,
      options: exposing(),
      page: (req) => {
        req.variant('by_user');
        req.variant('manual');
        req.variant('silent');
        req.peek('kept');
        req.experiments.explain('kept');
        req.variant('search');
        req.variant('by_rule');
        req.variant('held');
        req.variant('no_such' as never);
        req.namespace('page').get('size');
        req.namespace('empty').get('size' as never);
      },
    });
    const exposures = async (headers: Readonly<Record<string, string>>) => {
      await request(app).get('/').set(headers).expect(200);
      return [...view().used, ...view().namespaces].map(({ name, exposure }) => [
        name,
        exposure.recorded ? `recorded, ${exposure.overridden}` : exposure.why,
      ]);
    };
    const rest = [
      ['manual', '`exposure` is "manual", and `expose()` was not called'],
      ['silent', '`exposure` is "off"'],
      ['kept', 'only read with `peek()` and `explain()`'],
      ['search', '`exposure` is "off"'],
      ['by_rule', 'the audience gives everyone one variant, so there is nothing to compare'],
      ['held', 'the exposure of the holdout spring counts instead'],
      ['no_such', 'no variant was decided'],
      ['page', 'no parameter of its experiment was read'],
      ['empty', 'the unit is not in an experiment'],
    ];
    expect(await exposures(pro)).toEqual([['by_user', 'recorded, false'], ...rest]);
    expect(await exposures(pro)).toEqual([['by_user', 'recorded earlier for this unit'], ...rest]);
    expect(await exposures({ ...pro, Cookie: '__cw=by_user:a' })).toEqual([
      ['by_user', 'recorded, true'],
      ...rest,
    ]);
    const unseen = await exposures({ 'x-user': '{"id":2}', 'Sec-Purpose': 'prefetch' });
    expect(unseen[0]).toEqual(['by_user', 'the browser prefetched the page']);
  });

  it('says without the option `exposures` that it is not set', async () => {
    const { app, view } = viewedApp({
      express,
      options: { source },
      page: (req) => req.variant('by_user'),
    });
    await request(app).get('/').set(pro).expect(200);
    expect(usedIn(view(), 'by_user').exposure).toEqual({
      recorded: false,
      why: 'the option `exposures` is not set',
    });
  });

  it('shows a namespace with its segment, experiment and parameters', async () => {
    const { app, view } = viewedApp({
      express,
      options: exposing(),
      page: (req) => req.namespace('page').getParams(),
    });
    await request(app).get('/').set(pro).expect(200, { title: 'one', size: 12, variant: 'one' });
    expect(namespaceIn(view(), 'page')).toEqual({
      name: 'page',
      experiment: 'words',
      experiments: ['words'],
      why: expect.stringMatching(/^segment \d of 10$/),
      isForced: false,
      canForce: true,
      calls: ['req.namespace().getParams()'],
      params: [
        { name: 'size', value: '12', isForced: false },
        { name: 'variant', value: '"one"', isForced: false },
        { name: 'title', value: '"one"', isForced: false },
      ],
      exposure: { recorded: true, overridden: false },
    });
    await request(app)
      .get('/')
      .set({ ...pro, Cookie: '__cw=page.title:two' })
      .expect(200);
    expect(namespaceIn(view(), 'page')).toMatchObject({
      why: 'forced by you',
      isForced: true,
      params: expect.arrayContaining([{ name: 'title', value: '"two"', isForced: true }]),
      exposure: { recorded: true, overridden: true },
    });
  });

  it('computes nothing of a namespace that was not read', async () => {
    const { app, view } = viewedApp({
      express,
      options: exposing(),
      page: (req) => {
        req.namespace('page');
        req.namespace('pages' as never);
        req.namespace('empty').setOverrides({});
      },
    });
    await request(app).get('/').set(pro).expect(200);
    expect(view().namespaces).toMatchObject([
      { name: 'page', why: 'nothing was read', params: [], calls: [] },
      { name: 'pages', why: 'no namespace has this name', canForce: false },
      { name: 'empty', why: 'no experiment is running in it' },
    ]);
  });

  it('lists the unused experiments, switches and holdouts by name', async () => {
    const { app, view } = viewedApp({
      express,
      options: { source },
      page: (req) => req.variant('by_user'),
    });
    await request(app).get('/').set(pro).expect(200);
    expect(view().unused.map(({ name, kind, allocation }) => [name, kind, allocation])).toEqual([
      ['asks', 'experiment', '2 audiences'],
      ['by_anonymous', 'experiment', '50% a, 50% b'],
      ['by_chance', 'experiment', '50% a, 50% b'],
      ['by_region', 'experiment', '2 audiences'],
      ['by_rule', 'experiment', '2 audiences'],
      ['by_tenant', 'experiment', '50% a, 50% b'],
      ['chat', 'switch', 'everyone: off'],
      ['held', 'experiment', '50% a, 50% b'],
      ['kept', 'experiment', '50% a, 50% b'],
      ['manual', 'experiment', '50% a, 50% b'],
      ['members', 'experiment', '2 audiences'],
      ['planned', 'experiment', 'everyone: b'],
      ['plans', 'experiment', '2 audiences'],
      ['search', 'switch', 'everyone: on'],
      ['silent', 'experiment', '50% a, 50% b'],
      ['spring', 'holdout', '100% held out'],
    ]);
  });

  it('shows a page that asked for nothing', async () => {
    const { app, view } = viewedApp({ express, options: { source }, page: () => 'nothing' });
    await request(app)
      .get('/?a=1')
      .set({ ...pro, Cookie: '__cw=search:off' })
      .expect(200);
    expect(view()).toMatchObject({
      page: { path: '/?a=1', user: '1' },
      used: [],
      namespaces: [],
      context: [],
      contextJson: '{}',
      forced: [],
    });
    expect(view().unused).toHaveLength(17);
  });

  it('names the calls that asked, and suggests a name for a misspelt one', async () => {
    const { app, view } = viewedApp({
      express,
      options: { source },
      page: (req) => req.isOn('sear'),
      extend: (app) => {
        app.use((_req, res, next) => {
          (res.locals as { isOn: (name: string) => boolean }).isOn('search');
          next();
        });
      },
    });
    await request(app).get('/').expect(200, 'false');
    expect(usedIn(view(), 'search').calls).toEqual(['isOn() in a view']);
    expect(usedIn(view(), 'sear')).toMatchObject({
      experiment: undefined,
      notes: ['did you mean search?'],
      canForce: false,
    });
  });
});
