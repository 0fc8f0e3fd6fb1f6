import express from 'express';
import request from 'supertest';
import { evenhand } from '../../src/express/middleware.ts';
import { createOverrideAccess } from '../../src/express/cookies/override-access.ts';
import { onceLogger, safeLogger } from '../../src/runtime/logger.ts';

const allocations = [{ variant: 'a', percent: 100 }];

describe('overrides.allow', () => {
  const environment = process.env.NODE_ENV;
  afterEach(() => {
    process.env.NODE_ENV = environment;
  });

  it('can make a decision itself, to which overrides do not apply', async () => {
    process.env.NODE_ENV = 'production';
    let asked = 0;
    const app = express();
    app.use(
      evenhand({
        source: ['staff:on', 'beta:off'],
        overrides: {
          allow: (req) => {
            asked++;
            return req.isOn('staff');
          },
        },
      }),
    );
    app.get('/', (req, res) => {
      res.json([req.isOn('beta'), req.isOn('staff')]);
    });
    const cookie = '__cw=beta:on staff:off';
    await request(app).get('/').set('Cookie', cookie).expect(200, [true, true]);
    expect(asked).toBe(1);
  });
});

describe('overrides.allowIps', () => {
  it('does not match other IPv4 addresses with a mapped range shorter than /96', () => {
    const settings = { cookie: '__cw', allowIps: ['::ffff:127.0.0.0/8'], allow: undefined };
    const may = createOverrideAccess(settings, true, onceLogger(safeLogger(false)));
    expect(may({ ip: '9.9.9.9' } as express.Request)).toBe(false);
  });
});

describe('contextProvider', () => {
  it('can return its values in a Map', async () => {
    const app = express();
    const config = [
      {
        name: 'exp',
        identity: 'user.id',
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [
          { rule: 'plan == "pro"', allocations },
          { allocations: [{ variant: 'b', percent: 100 }] },
        ],
      },
    ];
    app.use(evenhand({ source: config, contextProvider: () => new Map([['plan', 'pro']]) }));
    app.get('/', (req, res) => {
      res.send(req.variant('exp'));
    });
    expect((await request(app).get('/')).text).toBe('a');
  });
});

describe('safeLogger', () => {
  it('ignores a rejected promise of the logger', async () => {
    const write = jest.fn(() => Promise.reject(new Error('disk full')));
    safeLogger({ warn: write, error: write }).warn('something');
    await new Promise((resolve) => setImmediate(resolve));
    expect(write).toHaveBeenCalledTimes(1);
  });
});
