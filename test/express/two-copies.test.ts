import request from 'supertest';
import * as one from 'evenhand';
import { experiments, showError, versions } from './harness.ts';

/** The package a second time, as when one part of an application imports it and another requires it. */
function secondCopy(): typeof one {
  let copy: typeof one | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof one>('evenhand');
  });
  if (copy === undefined) throw new Error('not loaded');
  return copy;
}

describe.each(versions)('two copies of the package on Express $version', ({ express }) => {
  const two = secondCopy();

  it('are two', () => {
    expect(two.evenhand).not.toBe(one.evenhand);
  });

  it('agree on the request: the guards of one, the middleware of the other', async () => {
    const app = express();
    app.use(two.evenhand({ source: experiments }));
    app.get('/', one.requireOn('search'), (req, res) => {
      res.json(req.variant('search'));
    });
    app.use(showError);
    expect((await request(app).get('/')).body).toBe('on');
  });

  it('share the tracking key', async () => {
    const app = express();
    for (const { evenhand } of [one, two]) {
      app.use(evenhand({ source: experiments }));
      app.use((req, res, next) => {
        res.append('x-key', req.experiments.explain('by_anonymous').identity?.text ?? 'none');
        next();
      });
    }
    app.get('/', (_req, res) => {
      res.json(res.getHeader('x-key'));
    });
    const { body, headers } = await request(app).get('/');
    const [first, second] = body as string[];
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(headers['set-cookie']).toHaveLength(1);
  });
});
