import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { bucketOf } from 'evenhand';
import { exposureRecordSchema } from '../../src/exposures/records/schema.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { audience } from '../assignment/build.ts';
import { testApp, versions } from './harness.ts';

const validate = new Ajv2020({ formats: { uuid: true, 'date-time': true } }).compile(
  exposureRecordSchema,
);

const checkout = {
  name: 'checkout',
  identity: 'user.id',
  buckets: 10_000,
  variants: [{ name: 'new' }, { name: 'old' }],
  audiences: [audience({ new: 0.25, old: 99.75 })],
};

/** The users with the new checkout among the first 10,000, computed without a decision. */
const NEW = Array.from({ length: 10_000 }, (_, id) => id).filter(
  (id) => bucketOf(id, 'checkout', 10_000) < 25,
);

describe.each(versions)('an audience of 0.25% on Express $version', ({ express }) => {
  function setUp() {
    const sink = recordingSink();
    const made: object[] = [];
    const { app, middleware } = testApp(
      express,
      {
        source: [checkout],
        exposures: { sink },
        hooks: { decision: (decision) => void made.push(decision) },
      },
      (extended) => {
        extended.get('/explain', (req, res) => {
          res.json(req.experiments.explain('checkout'));
        });
      },
    );
    const ask = async (path: string, id: number) => {
      const { body } = await request(app).get(path).set('x-user', JSON.stringify({ id }));
      return body as unknown;
    };
    return { sink, made, middleware, ask };
  }

  it('sees its variant, explained with the bucket of 10,000', async () => {
    const { ask } = setUp();
    expect(NEW.length).toBeGreaterThan(10);
    for (const id of NEW.slice(0, 5)) {
      expect(await ask('/variant/checkout', id)).toBe('new');
      expect(await ask('/explain', id)).toMatchObject({
        variant: 'new',
        bucket: bucketOf(id, 'checkout', 10_000),
        buckets: 10_000,
        allocation: { variant: 'new', from: 0, to: 24 },
      });
    }
    const other = Array.from({ length: 20 }, (_, id) => id).filter((id) => !NEW.includes(id));
    for (const id of other.slice(0, 5)) expect(await ask('/variant/checkout', id)).toBe('old');
  });

  it('is recorded and reported to hooks with the bucket of 10,000', async () => {
    const { sink, made, middleware, ask } = setUp();
    // A bucket above 99, which no experiment with 100 buckets has.
    const id = Array.from({ length: 100 }, (_, i) => i).find(
      (one) => bucketOf(one, 'checkout', 10_000) > 99,
    );
    await ask('/variant/checkout', id ?? 0);
    await middleware.exposures?.flush();
    const bucket = bucketOf(id ?? 0, 'checkout', 10_000);
    const [record] = sink.exposures();
    expect(record).toMatchObject({ experiment: 'checkout', variant: 'old', bucket });
    expect(validate(JSON.parse(JSON.stringify(record)))).toBe(true);
    expect(made).toEqual([expect.objectContaining({ bucket, buckets: 10_000 })]);
  });
});
