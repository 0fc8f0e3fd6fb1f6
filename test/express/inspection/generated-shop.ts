import type { Request } from 'express';
import * as fc from 'fast-check';

/** One call of the application. */
export interface GeneratedCall {
  readonly method:
    | 'isVariant'
    | 'isOn'
    | 'variant'
    | 'peek'
    | 'expose'
    | 'value'
    | 'explain'
    | 'variants'
    | 'namespace'
    | 'getParams'
    | 'track'
    | 'view';
  readonly name: string;
}

type Method = (name: string, ...more: unknown[]) => unknown;

/** Makes a call of the application, and returns its result or its error. */
export function makeCall(req: Request, { method, name }: GeneratedCall): unknown {
  const methods = req as unknown as Record<string, Method>;
  const own = req.experiments as unknown as Record<string, Method>;
  try {
    switch (method) {
      case 'isVariant':
        return methods.isVariant?.(name, ['a', 'b']);
      case 'value':
      case 'explain':
        return own[method]?.(name);
      case 'variants':
        return own.variants?.('');
      case 'namespace':
        return req.namespace('page').get('title', name as never);
      case 'getParams':
        return req.experiments.namespace('page').getParams();
      case 'view':
        return (req.res?.locals.variant as Method | undefined)?.(name);
      default:
        return methods[method]?.(name);
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/** A specification, and the calls of a page that uses it. */
export interface GeneratedShop {
  readonly experiments: readonly object[];
  readonly holdouts: readonly object[];
  readonly namespaces: readonly object[];
  readonly calls: readonly GeneratedCall[];
  readonly onError: 'throw' | 'fallback';
  readonly consent: boolean | undefined;
  readonly sticky: boolean;
  readonly production: boolean;
}

/** The headers of one request. */
export interface GeneratedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'get' | 'head';
}

const variants = [{ name: 'a', value: 1 }, { name: 'b' }, { name: 'control' }];

const NAMES = ['e0', 'e1', 'e2', 'e3', 'e4'] as const;

/** Rules that read the user, lazy values, the tracking key, the clock and a value that is missing. */
const RULES = [
  'user.is_authenticated',
  'user.plan == "pro"',
  '"plan" in user and user.plan == "pro"',
  'lazy_plan == "pro" or user.is_anonymous',
  'user.is_anonymous and lazy_plan == "pro"',
  'anonymous != "x"',
  'now > "2020-01-01"',
  'missing == 1',
  'failing == 1',
  'provided in ["x", "y"]',
] as const;

const identity = fc.constantFrom<string | string[]>(
  'user.id',
  'anonymous',
  'random',
  'lazy_id',
  'tenant.id',
  ['user.id', 'anonymous'],
);

const allocations = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([one, two]) => {
    const [a, b] = [Math.min(one, two), Math.max(one, two)];
    return [
      { variant: 'a', percent: a },
      { variant: 'b', percent: b - a },
      { variant: 'control', percent: 100 - b },
    ];
  });

function experiment(name: string, earlier: readonly string[]) {
  const rules = fc.constantFrom(
    ...RULES,
    ...earlier.map((other) => `experiments.${other} in ["a", "control"]`),
  );
  return fc
    .record({
      identity,
      audiences: fc.array(fc.record({ rule: rules, allocations }), { maxLength: 2 }),
      fallback: allocations,
      exposure: fc.constantFrom('auto', 'manual', 'off'),
      sticky: fc.boolean(),
      fine: fc.boolean(),
    })
    .map(({ identity, audiences, fallback, exposure, sticky, fine }) => ({
      name,
      identity,
      variants,
      audiences: [...audiences, { allocations: fallback }],
      exposure,
      ...(sticky && identity !== 'random' ? { sticky } : {}),
      ...(fine ? { buckets: 10_000 } : {}),
    }));
}

const call: fc.Arbitrary<GeneratedCall> = fc.record({
  method: fc.constantFrom(
    'isVariant',
    'isOn',
    'variant',
    'peek',
    'expose',
    'value',
    'explain',
    'variants',
    'namespace',
    'getParams',
    'track',
    'view',
  ),
  name: fc.constantFrom(...NAMES, 'search', 'nobody'),
});

/** Generates specifications with calls. */
export const shops: fc.Arbitrary<GeneratedShop> = fc.record({
  experiments: fc
    .tuple(...NAMES.map((name, i) => experiment(name, NAMES.slice(0, i))))
    .map((all) => [...all, 'search:on' as unknown as object]),
  holdouts: fc.constantFrom(
    [],
    [{ name: 'spring', identity: 'user.id', percent: 50, experiments: ['e0', 'e1'] }],
    [{ name: 'spring', identity: 'anonymous', percent: 20, experiments: ['e2'] }],
  ),
  namespaces: fc
    .record({
      unit: fc.constantFrom('user.id', 'anonymous', 'lazy_id'),
      segments: fc.integer({ min: 0, max: 10 }),
    })
    .map(({ unit, segments }) => [
      {
        name: 'page',
        unit,
        segments: 10,
        defaults: { size: 1 },
        experiments: [
          {
            name: 'words',
            variants: [
              { name: 'one', values: { title: 'x' } },
              { name: 'two', values: { title: 'y' } },
            ],
          },
        ],
        history: segments === 0 ? [] : [{ add: 'words', segments }],
      },
    ]),
  calls: fc.array(call, { maxLength: 8 }),
  onError: fc.constantFrom('throw', 'fallback'),
  consent: fc.constantFrom(true, false, undefined),
  sticky: fc.boolean(),
  production: fc.boolean(),
});

/** Generates requests: visitors and users, with and without cookies, and requests that nobody sees. */
export const requests: fc.Arbitrary<readonly GeneratedRequest[]> = fc.array(
  fc
    .record({
      user: fc.constantFrom(undefined, '{"id":1,"plan":"pro"}', '{"id":2}', '{"id":1e21}'),
      cookie: fc.constantFrom(
        undefined,
        '__cwtk=0123456789abcdef0123456789abcdef',
        '__cw=e0:a%20e1:none%20page:words%20page.title:z',
        '__cw=nobody:a; __cwtk=abc',
      ),
      purpose: fc.constantFrom(undefined, 'prefetch'),
      method: fc.constantFrom('get' as const, 'get' as const, 'head' as const),
    })
    .map(({ user, cookie, purpose, method }) => ({
      method,
      headers: {
        ...(user === undefined ? {} : { 'x-user': user }),
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...(purpose === undefined ? {} : { 'Sec-Purpose': purpose }),
      },
    })),
  { minLength: 1, maxLength: 3 },
);
