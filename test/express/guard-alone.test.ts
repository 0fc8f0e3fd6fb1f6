import express from 'express';
import express4 from 'express4';
import request from 'supertest';
import { requireOn } from '../../src/express/guards.ts';
import { evenhand } from '../../src/express/middleware.ts';

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('a guard that is alone in its route, on %s', (_version, create) => {
  function app(state: 'on' | 'off') {
    const application = create();
    application.use(evenhand({ source: [`beta:${state}`], logger: false }));
    application.all(/^\/beta/, requireOn('beta'));
    application.get('/beta/secret', (_req, res) => {
      res.send('secret');
    });
    return application;
  }

  it('guards all routes after it', async () => {
    expect((await request(app('off')).get('/beta/secret')).status).toBe(404);
  });

  it('lets participants with the variant pass', async () => {
    expect((await request(app('on')).get('/beta/secret')).text).toBe('secret');
  });
});
