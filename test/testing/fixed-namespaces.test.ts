import express from 'express';
import request from 'supertest';
import { createClient, evenhand, type Source } from '../../src/index.ts';
import { fixedExperiments, fixedNamespaces } from '../../src/testing/index.ts';

const specification = {
  description: 'For tests.',
  experiments: ['banner:on'],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 10,
      defaults: { text: 'OK', size: 1 },
      experiments: [{ name: 'texts', variants: [{ name: 'a', values: { text: 'Buy' } }] }],
      history: [{ add: 'first', segments: 10, experiment: 'texts' }],
    },
    { name: 'search', unit: 'user.id', defaults: { rows: 10 } },
  ],
};

/** Returns the parameters for an empty context, in which the unit would fail. */
function paramsOf(source: Source, namespace: string): Record<string, unknown> {
  return createClient({ source, logger: false }).participant({}).namespace(namespace).getParams();
}

describe('fixedNamespaces', () => {
  it('gives everyone the parameters, without a unit', () => {
    const source = fixedNamespaces({ checkout: { text: 'Buy', steps: [1, 2] }, 'a b': {} });
    expect(paramsOf(source, 'checkout')).toEqual({ text: 'Buy', steps: [1, 2] });
    expect(paramsOf(source, 'a b')).toEqual({});
    const space = createClient({ source }).participant({}).namespace('checkout');
    expect([space.get('text', 'x'), space.experiment, space.inExperiment]).toEqual([
      'Buy',
      undefined,
      false,
    ]);
  });

  it('keeps everything else of the rest', () => {
    const source = fixedNamespaces({ checkout: { text: 'Pay' } }, specification);
    expect(paramsOf(source, 'checkout')).toEqual({ text: 'Pay', size: 1 });
    expect(paramsOf(source, 'search')).toEqual({ rows: 10 });
    expect(createClient({ source }).participant().isOn('banner')).toBe(true);
    expect(specification.namespaces[0]?.history).toHaveLength(1);
  });

  it('combines with fixed experiments', () => {
    const source = fixedExperiments(
      { banner: 'off' },
      fixedNamespaces({ checkout: { text: 'Pay' } }, specification),
    );
    expect(createClient({ source }).participant().isOff('banner')).toBe(true);
    expect(paramsOf(source, 'checkout')).toMatchObject({ text: 'Pay' });
  });

  it('works in an Express application', async () => {
    const app = express();
    app.use(evenhand({ source: fixedNamespaces({ checkout: { text: 'Buy' } }) }));
    app.get('/', (req, res) => {
      res.send(req.namespace('checkout').get('text', 'OK'));
    });
    const response = await request(app).get('/');
    expect(response.text).toBe('Buy');
    expect(response.headers).not.toHaveProperty('vary');
  });

  it('refuses a namespace that the rest does not have', () => {
    expect(() =>
      fixedNamespaces({ chekout: {} }, specification).load({
        signal: new AbortController().signal,
      }),
    ).toThrow('fixedNamespaces(): config has no namespace "chekout"; did you mean "checkout"?');
    expect(() =>
      fixedNamespaces({ x: {} }, []).load({ signal: new AbortController().signal }),
    ).toThrow('declared: none');
  });

  it('refuses a rest that is invalid, and values that are not JSON', () => {
    expect(() =>
      fixedNamespaces({ x: {} }, [{}]).load({ signal: new AbortController().signal }),
    ).toThrow(expect.objectContaining({ code: 'spec' }));
    const values = { x: { y: (() => 1) as unknown as string } };
    expect(() => createClient({ source: fixedNamespaces(values) })).toThrow('value must be JSON');
  });

  it.each([undefined, [], 'checkout', { checkout: 'Buy' }, { checkout: null }])(
    'refuses %j for parameters by namespace',
    (namespaces) => {
      expect(() => Reflect.apply(fixedNamespaces, undefined, [namespaces])).toThrow(
        expect.objectContaining({ code: 'option' }),
      );
    },
  );
});
