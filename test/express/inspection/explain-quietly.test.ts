import express from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import type { Decision } from 'evenhand';
import { explainQuietly } from '../../../src/express/inspection/explain-quietly.ts';
import { SEED } from '../../seed.ts';
import { attendedApp } from './attended-app.ts';
import {
  type GeneratedRequest,
  type GeneratedShop,
  makeCall,
  requests,
  shops,
} from './generated-shop.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

/**
 * Returns the part of an explanation that a decision computed. `explain()` also reads an identity that was
 * not needed, and decides again what failed before.
 */
function decided(
  { identity, bucket, contextChanged: _changed, revision: _revision, ...rest }: Decision,
  isSplit: boolean,
) {
  if (rest.reason === 'error') return { reason: rest.reason, error: rest.error };
  return isSplit ? { ...rest, identity, bucket } : rest;
}

const NEED_NOT_DECIDE = /(?:expose|variants)\(\)$/;

/** Sends requests, and compares the two explanations of each decision. */
async function compare(shop: GeneratedShop, sent: readonly GeneratedRequest[]): Promise<number> {
  const pairs: { quiet: unknown; loud: unknown }[] = [];
  const { experiments, holdouts, namespaces, onError, consent, sticky } = shop;
  const { app, last } = attendedApp({
    express,
    options: {
      source: { experiments, holdouts, namespaces },
      onError,
      contextProvider: () => ({ provided: 'x' }),
      lazy: {
        lazy_plan: () => 'pro',
        lazy_id: () => 7,
        failing: () => {
          throw new Error('fails');
        },
      },
      ...(consent === undefined ? {} : { trackingCookie: { consent: () => consent } }),
      ...(sticky ? { sticky: { secret: 's'.repeat(32) } } : {}),
    },
    extend: (app) => {
      app.get('/', (req, res) => {
        for (const call of shop.calls) makeCall(req, call);
        const asked = [...last().asked].filter(({ kind }) => kind === 'experiment');
        for (const one of asked) {
          // Without records, expose() decides nothing, and variants() stops at an error.
          if (one.error === undefined && [...one.calls].every((call) => NEED_NOT_DECIDE.test(call)))
            continue;
          const quiet = explainQuietly(last(), one);
          if (quiet === undefined) throw new Error('no explanation');
          const { decision, outcome } = quiet;
          const isSplit = outcome?.bucket !== undefined || outcome?.reason === 'sticky';
          const loud = req.experiments.explain(one.name);
          pairs.push({ quiet: decided(decision, isSplit), loud: decided(loud, isSplit) });
        }
        res.json('done');
      });
    },
  });
  for (const { method, headers } of sent) await request(app)[method]('/').set(headers).expect(200);
  expect(pairs.map(({ quiet }) => quiet)).toEqual(pairs.map(({ loud }) => loud));
  return pairs.length;
}

describe('explainQuietly()', () => {
  it('explains decisions like participant.explain()', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(shops, requests, async (shop, sent) => {
        compared += await compare(shop, sent);
      }),
      { seed: SEED, numRuns: 25, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it('returns nothing before the application asks for a decision', async () => {
    const { app, last } = attendedApp({
      express,
      extend: (app) => app.get('/', (_req, res) => void res.json('idle')),
    });
    await request(app).get('/').expect(200);
    expect(explainQuietly(last(), { name: 'search', error: undefined })).toBeUndefined();
  });

  it('does not decide what a rule would ask for', async () => {
    const { app, last } = attendedApp({
      express,
      options: {
        source: [
          {
            name: 'inner',
            identity: 'user.id',
            variants: [{ name: 'a' }, { name: 'b' }],
            audiences: [{ allocations: half }],
          },
          {
            name: 'outer',
            identity: 'user.id',
            variants: [{ name: 'a' }, { name: 'b' }],
            audiences: [
              { rule: 'lazily and experiments.inner == "a"', allocations: half },
              { allocations: half },
            ],
          },
        ],
        // The value differs when it is read again, which a quiet explanation does not do.
        lazy: { lazily: () => false },
      },
      extend: (app) => {
        app.get('/', (req, res) => {
          req.variant('outer' as never);
          res.json('done');
        });
      },
    });
    await request(app).get('/').set('x-user', '{"id":1}').expect(200);
    const { participant, snapshot } = last();
    const quiet = explainQuietly(last(), { name: 'inner', error: undefined });
    expect(quiet).toMatchObject({
      outcome: undefined,
      decision: { reason: 'error', error: 'not decided' },
    });
    const inner = snapshot?.setup.experiments.get('inner');
    expect(inner && participant?.remembered(inner)).toBeUndefined();
  });

  it('says which values were not computed, after the user has changed', async () => {
    const lazily = jest.fn(() => true);
    const { app, last } = attendedApp({
      express,
      options: {
        source: [
          {
            name: 'plans',
            identity: 'user.id',
            variants: [{ name: 'a' }, { name: 'b' }],
            audiences: [
              { rule: 'user.id == 2 and lazily', allocations: half },
              { allocations: half },
            ],
          },
          {
            name: 'other',
            identity: 'user.id',
            variants: [{ name: 'a' }, { name: 'b' }],
            audiences: [{ allocations: half }],
          },
        ],
        lazy: { lazily },
      },
      extend: (app) => {
        app.get('/', (req, res) => {
          req.variant('plans' as never);
          Object.assign(req, { user: { id: 2 } });
          req.variant('other' as never);
          res.json('done');
        });
      },
    });
    await request(app).get('/').set('x-user', '{"id":1}').expect(200);
    const quiet = explainQuietly(last(), { name: 'plans', error: undefined });
    expect(quiet?.decision).toMatchObject({
      reason: 'allocation',
      audience: 1,
      contextChanged: true,
      audiences: [
        {
          outcome: 'error',
          error: expect.stringContaining('lazily was not computed for this page'),
        },
      ],
    });
    expect(lazily).not.toHaveBeenCalled();
  });
});
