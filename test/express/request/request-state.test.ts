import { inspect } from 'node:util';
import type { Request } from 'express';
import request from 'supertest';
import { testApp, versions } from '../harness.ts';

describe.each(versions)('the state of a request on Express $version', ({ express }) => {
  it('does not appear among the headers', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/headers', (req, res) => {
        req.isOn('search');
        const { rawHeaders } = req;
        res.json({
          raw: rawHeaders,
          count: rawHeaders.length,
          even: rawHeaders.length % 2 === 0,
          keys: Object.keys(rawHeaders).length,
          copied: [...rawHeaders].length,
          ofCopy: Object.getOwnPropertySymbols(rawHeaders.slice()).length,
        });
      });
    });
    const { body } = await request(app).get('/headers').set('x-own', '7');
    const raw: string[] = body.raw;
    expect(raw[raw.indexOf('x-own') + 1] ?? raw[raw.indexOf('X-Own') + 1]).toBe('7');
    const count = raw.length;
    expect(body).toEqual({ raw, count, even: true, keys: count, copied: count, ofCopy: 0 });
  });

  it('keeps the context out of logs of the request', async () => {
    const { app } = testApp(
      express,
      { contextProvider: () => ({ secret: 'sesame', user: { id: 1, name: 'sesame' } }) },
      (app) => {
        app.get('/printed', (req, res) => {
          req.variant('by_user');
          const { rawHeaders, _readableState } = req as Request & { _readableState: unknown };
          res.send(inspect([rawHeaders, _readableState, req], { depth: 20 }));
        });
      },
    );
    const { text } = await request(app).get('/printed').set('cookie', 'a=sesame');
    expect(text).toContain('Visit {}');
    // The cookie itself is a header.
    expect(text).not.toMatch(/secret|name: 'sesame'/);
  });

  it('belongs to objects that inherit from the request, and to nothing else', async () => {
    const seen: unknown[] = [];
    const { app } = testApp(express, { random: Math.random }, (app) => {
      app.get('/wrapped', (req, res) => {
        const wrapped = Object.create(req) as Request;
        const deeper = Object.create(wrapped, { user: { value: { id: 2 } } }) as Request;
        seen.push(wrapped.experiments === req.experiments, deeper.isOn('search'));
        res.json(wrapped.variant('by_chance') === req.variant('by_chance'));
      });
    });
    expect((await request(app).get('/wrapped')).body).toBe(true);
    expect(seen).toEqual([true, true]);
  });

  it('is kept apart for many requests at once', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/slow/:id', (req, res, next) => {
        const first = req.experiments;
        setTimeout(
          () => {
            const same = first === req.experiments;
            const { identity } = req.experiments.explain('by_user');
            if (!same) next(new Error('another participant'));
            else res.json(identity?.text);
          },
          Number(req.params.id) % 7,
        );
      });
    });
    const ids = Array.from({ length: 30 }, (_, i) => String(i));
    const answers = await Promise.all(
      ids.map((id) => request(app).get(`/slow/${id}`).set('x-user', JSON.stringify({ id }))),
    );
    expect(answers.map(({ body }) => body as unknown)).toEqual(ids);
  });

  it('works in mounted applications, with or without their own middleware', async () => {
    const { app } = testApp(express, {}, (outer) => {
      const inner = express();
      inner.get('/plain', (req, res) => res.json([req.variant('by_user'), req.isOn('search')]));
      const { app: own } = testApp(express, { source: ['search:off'] }, (mounted) => {
        mounted.get('/own', (req, res) =>
          res.json([req.variant('by_user') ?? null, req.isOn('search')]),
        );
      });
      outer.use('/inner', inner);
      outer.use('/mounted', own);
    });
    const get = (path: string) => request(app).get(path).set('x-user', '{"id":1}');
    expect((await get('/inner/plain')).body).toEqual([expect.stringMatching(/^[ab]$/), true]);
    expect((await get('/mounted/own')).body).toEqual([null, false]);
  });
});
