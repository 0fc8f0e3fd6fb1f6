import {
  type ContextSchema,
  readContext,
} from '../../../src/specification/context/context-schema.ts';
import {
  KNOWN_VALUES,
  type KnownValueSource,
  listsKnownValues,
  NOT_READ,
} from '../../../src/rules/known-values.ts';
import { ContextShape } from '../../../src/specification/context/shape.ts';
import { version } from '../../../src/rules/typed-text/version.ts';

function shapeOf(...contexts: readonly object[]): ContextShape {
  const shape = new ContextShape();
  for (const context of contexts) shape.add(context);
  return shape;
}

const schemaOf = (...contexts: readonly object[]) => shapeOf(...contexts).toSchema();

/** Returns the declared context, read as in a specification. */
function read(schema: object): ContextSchema {
  return readContext(schema, '/context');
}

const VISITOR = { id: null, is_authenticated: false, is_anonymous: true };

/** Like the context of a request with a lazy value. */
class Lazy implements KnownValueSource {
  *[KNOWN_VALUES]() {
    yield ['path', '/'] as const;
    yield ['geo', NOT_READ] as const;
  }
}
listsKnownValues(Lazy.prototype);

describe('ContextShape.toSchema', () => {
  it('declares the names and types that the contexts have', () => {
    const schema = schemaOf(
      {
        user: { id: 7, plan: 'pro', beta: true },
        cart: { total: 9.5, items: [{ sku: 'a', note: null }] },
        locale: 'en-US',
      },
      { user: { id: 8, plan: null }, cart: { total: 3, items: [] }, locale: 'de-DE' },
    );
    expect(schema).toStrictEqual({
      properties: {
        cart: {
          type: 'object',
          properties: {
            items: {
              type: 'array',
              items: {
                type: 'object',
                properties: { note: {}, sku: { type: 'string' } },
                required: ['note', 'sku'],
              },
            },
            total: { type: 'number' },
          },
          required: ['items', 'total'],
        },
        locale: { type: 'string' },
        user: {
          type: 'object',
          properties: {
            beta: { type: 'boolean' },
            id: { type: 'number' },
            plan: { type: ['null', 'string'] },
          },
          required: ['id', 'plan'],
        },
      },
      required: ['cart', 'locale', 'user'],
    });
    expect(read(schema).findings).toEqual([]);
  });

  it('does not make the attributes of users optional because visitors lack them', () => {
    const schema = schemaOf({ user: VISITOR }, { user: { id: 7, plan: 'pro' } });
    expect(schema).toMatchObject({ properties: { user: { required: ['id', 'plan'] } } });
  });

  it.each([
    ['a set', new Set(['a'])],
    ['binary data', Buffer.from('a')],
    ['a symbol', Symbol('a')],
  ])('declares nothing about %s, which JSON Schema can not describe', (_, value) => {
    expect(schemaOf({ value })).toStrictEqual({ properties: { value: {} }, required: ['value'] });
  });

  it.each([
    ['a date', [new Date(0)], { type: 'string', format: 'date-time' }],
    ['an invalid date', [new Date(NaN)], { type: 'string', format: 'date-time' }],
    ['a version', [version('1.2')], { type: 'string', format: 'version' }],
    [
      'versions that may be absent',
      [version('1.2'), version('')],
      { type: ['null', 'string'], format: 'version' },
    ],
    ['versions and plain texts', [version('1.2'), '1.2'], {}],
    ['versions and dates', [version('1.2'), new Date(0)], {}],
    ['dates and numbers', [new Date(0), 5], { type: ['number', 'string'], format: 'date-time' }],
  ])('declares the format of %s', (_, values, declared) => {
    const contexts = values.map((value) => ({ value }));
    const schema = schemaOf(...contexts);
    expect(schema).toStrictEqual({ properties: { value: declared }, required: ['value'] });
    expect(readContext(schema, '').findings).toEqual([]);
    const again = ContextShape.parse(JSON.parse(JSON.stringify(shapeOf(...contexts))));
    expect(again?.toSchema()).toStrictEqual(schema);
  });

  it.each([
    ['digits', Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i, true]))],
    ['UUIDs', { '0b6f3f0e-8d1c-4a57-9d0e-2f1f5c6f7a10': true }],
    ['hexadecimal ids', { a507f1f77bcf86cd799439011: true }],
    ['e-mail addresses', { 'ada@example.com': true }],
    ['so many words', Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`w${i}`, true]))],
  ])('collapses a map by %s, and keeps none of its names', (_, flags) => {
    const shape = shapeOf({ flags });
    expect(shape.toSchema()).toStrictEqual({
      properties: { flags: { type: 'object', additionalProperties: { type: 'boolean' } } },
      required: ['flags'],
    });
    for (const name of Object.keys(flags)) {
      expect(JSON.stringify(shape)).not.toContain(`"${name}"`);
    }
  });

  it('declares no names that rules can not read', () => {
    const user = JSON.parse(
      '{ "_doc": 1, "$isNew": 2, "constructor": 3, "__proto__": 4, "id": 5 }',
    );
    expect(schemaOf({ user, 'x-y': 1 })).toStrictEqual({
      properties: {
        user: { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] },
      },
      required: ['user'],
    });
  });

  it('declares an empty object for no contexts, so that unknown names are found', () => {
    expect(schemaOf()).toStrictEqual({ properties: {} });
  });
});

describe('ContextShape.add', () => {
  it('runs no getter and no lazy value', () => {
    const run = jest.fn();
    class User {
      id = 7;
      get plan() {
        return run();
      }
    }
    const context = {
      user: new User(),
      get country() {
        return run();
      },
      request: new Lazy(),
    };
    expect(schemaOf(context)).toStrictEqual({
      properties: {
        country: {},
        request: {
          type: 'object',
          properties: { geo: {}, path: { type: 'string' } },
          required: ['geo', 'path'],
        },
        user: {
          type: 'object',
          properties: { id: { type: 'number' }, plan: {} },
          required: ['id', 'plan'],
        },
      },
      required: ['country', 'request', 'user'],
    });
    expect(run).not.toHaveBeenCalled();
  });

  it('survives hostile objects, and keeps the names around them', () => {
    const fail = () => {
      throw new Error('hostile');
    };
    const hostile = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const names = Object.keys(schemaOf({ a: 1, hostile, proxy, z: 2 }).properties as object);
    expect(names).toEqual(['a', 'hostile', 'proxy', 'z']);
  });

  it('is bounded for contexts that are deep, wide, cyclic or many', () => {
    const cyclic: Record<string, unknown> = { name: 'a' };
    cyclic.self = cyclic;
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, { i }]));
    const shape = shapeOf({ cyclic, wide, list: Array.from({ length: 100_000 }, () => wide) });
    for (let i = 0; i < 300; i++) {
      shape.add({ [`n${i % 40}`]: { [`a${i % 40}`]: { [`b${i % 40}`]: { c: i } } } });
    }
    expect(JSON.stringify(shape).length).toBeLessThan(500_000);
  });

  it('holds names and types, and no value', () => {
    const text = JSON.stringify(shapeOf({ user: { id: 'ada', age: 36, tags: ['math'] } }));
    expect(text).not.toMatch(/ada|36|math/);
  });
});

describe('ContextShape.version', () => {
  it('increases with each new name, type, and name that turns out to be optional', () => {
    const shape = new ContextShape();
    const changes = (context: object) => {
      const before = shape.version;
      shape.add(context);
      return shape.version > before;
    };
    expect(changes({ a: 1, b: 'x' })).toBe(true);
    expect(changes({ a: 2, b: 'y' })).toBe(false);
    expect(changes({ a: null, b: 'y' })).toBe(true);
    expect(changes({ a: 3 })).toBe(true);
    expect(changes({ a: 3 })).toBe(false);
    expect(changes({ a: 3, b: 'z', c: 1 })).toBe(true);
    expect(changes({ a: 3 })).toBe(false);
  });
});

describe('ContextShape.parse', () => {
  it('reads what toJSON() returned, so that shapes of several processes can be merged', () => {
    const contexts = [
      { user: { id: 7, plan: 'pro' }, flags: { 'a b': true } },
      { user: VISITOR, locale: 'en' },
      { user: { id: 'x' }, list: [1, 'a', { deep: [null] }] },
      { user: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`w${i}`, i])) },
    ];
    const parsed = new ContextShape();
    for (const context of contexts) {
      const one = ContextShape.parse(JSON.parse(JSON.stringify(shapeOf(context))));
      expect(one).toBeDefined();
      if (one !== undefined) parsed.merge(one);
    }
    expect(parsed.toSchema()).toStrictEqual(schemaOf(...contexts));
    expect(parsed.contexts).toBe(4);
  });

  it.each([
    ['a number', 1],
    ['null', null],
    ['a list', []],
    ['another form', { form: 2 }],
    ['types that are not a list', { form: 1, types: 'string' }],
    ['properties that are not an object', { form: 1, properties: [] }],
    ['a property that is not an object', { form: 1, properties: { a: 1 } }],
  ])('refuses %s', (_, json) => {
    expect(ContextShape.parse(json)).toBeUndefined();
  });
});
