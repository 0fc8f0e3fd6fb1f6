import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AsyncLocalStorage } from 'node:async_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createClient, type ClientOptions, version } from 'evenhand';
import { ContextShape } from '../../../src/specification/context/shape.ts';
import { audience, experiment, recordingLogger } from '../../assignment/build.ts';
import { closing } from '../../closing.ts';
import { kindAt, makeSpecial, SPECIAL_KINDS } from '../../processes/special-file.ts';
import { runs } from '../../runs.ts';
import { until } from '../../sources/until.ts';

const source = [
  'banner:on',
  experiment({ audiences: [audience({ a: 100 }, 'user.plan == "pro"'), audience({ b: 100 })] }),
];

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evenhand-shape-'));
  path = join(directory, 'shape.json');
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = (options: ClientOptions = {}) =>
  closing(createClient({ source, recordContextShape: path, ...options }));

/** Returns the shape in the file. */
function shapeIn(file = path): ContextShape {
  const shape = ContextShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (shape === undefined) throw new Error(`no shape in ${file}`);
  return shape;
}

/** Decides with contexts and closes the client. */
async function record(...contexts: readonly object[]): Promise<void> {
  const client = open();
  for (const context of contexts) client.participant(context).isOn('banner');
  await client.close();
}

const ada = { user: { id: 'ada', plan: 'pro' }, country: 'SE' };

/** The text that `JSON.stringify()` gives for a file. */
const SCHEMA_OF_ADA = {
  properties: {
    country: { type: 'string' },
    user: {
      type: 'object',
      properties: { id: { type: 'string' }, plan: { type: 'string' } },
      required: ['id', 'plan'],
    },
  },
  required: ['country', 'user'],
};

describe('the option recordContextShape', () => {
  it('records names and types of the contexts that decisions read, at the latest on close()', async () => {
    await record(ada);
    expect(shapeIn().toSchema()).toEqual(SCHEMA_OF_ADA);
    expect(shapeIn().contexts).toBe(1);
    expect(readdirSync(directory)).toEqual(['shape.json']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('records nothing of a context that no decision reads', async () => {
    const client = open();
    client.participant(ada);
    await client.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('records a context whose decision fails', async () => {
    const client = open();
    expect(() => client.participant({ user: { id: 'ada' } }).variant('exp')).toThrow('plan');
    await client.close();
    expect(shapeIn().toSchema()).toMatchObject({ required: ['user'] });
  });

  it('writes while the client runs, without keeping the process alive', async () => {
    jest.useFakeTimers({
      doNotFake: ['performance', 'nextTick', 'queueMicrotask', 'setImmediate'],
    });
    const start = jest.spyOn(globalThis, 'setTimeout');
    try {
      const client = open();
      client.participant(ada).isOn('banner');
      await Promise.resolve();
      const [{ value: timer } = { value: undefined }] = start.mock.results;
      expect(timer.hasRef()).toBe(false);
      jest.advanceTimersByTime(3000);
    } finally {
      start.mockRestore();
      jest.useRealTimers();
    }
    await until('the file is written', () => readdirSync(directory).includes('shape.json'));
    expect(shapeIn().toSchema()).toEqual(SCHEMA_OF_ADA);
  });

  it('adds to what earlier runs and other processes have written', async () => {
    await record(ada);
    const [one, other] = [open(), open()];
    one.participant({ ...ada, locale: 'sv' }).isOn('banner');
    other.participant({ ...ada, beta: true }).isOn('banner');
    await one.close();
    await other.close();
    const { properties, required } = shapeIn().toSchema();
    expect(Object.keys(properties as object)).toEqual(['beta', 'country', 'locale', 'user']);
    expect(required).toEqual(['country', 'user']);
    expect(shapeIn().contexts).toBe(3);
  });

  it('keeps the names of all processes that close at the same time', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `name${i}`);
    const clients = names.map((name) => {
      const client = open();
      client.participant({ [name]: 1 }).isOn('banner');
      return client;
    });
    await Promise.all(clients.map((client) => client.close()));
    expect(Object.keys(shapeIn().toSchema().properties as object)).toEqual(names);
  });

  it('counts a context once, and completes it with later decisions', async () => {
    const client = open();
    const context: Record<string, unknown> = { user: { id: 7 } };
    const participant = client.participant(context);
    participant.isOn('banner');
    await Promise.resolve();
    context['plan'] = 'pro';
    client.participant(context).isOn('banner');
    await client.close();
    expect(shapeIn().contexts).toBe(1);
    expect(shapeIn().toSchema()).toMatchObject({ properties: { plan: { type: 'string' } } });
  });

  it('reads 1,000 contexts, and then one in 100', async () => {
    const client = open();
    for (let i = 0; i < 3000; i++) client.participant({ i }).isOn('banner');
    await client.close();
    expect(shapeIn().contexts).toBe(1020);
  });

  it('stops when reading contexts has taken a second', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 400));
    try {
      const client = open();
      for (let i = 0; i < 500; i++) {
        client.participant({ i }).isOn('banner');
        await Promise.resolve();
      }
      clock.mockRestore();
      await client.close();
      expect(shapeIn().contexts).toBe(3);
    } finally {
      clock.mockRestore();
    }
  });

  it('runs no getter of a context, and survives those that can not be read', async () => {
    const run = jest.fn();
    const fail = () => {
      throw new Error('hostile');
    };
    const hostile = new Proxy({}, { ownKeys: fail, getPrototypeOf: fail });
    const { proxy, revoke } = Proxy.revocable({}, {});
    const client = open();
    const contexts = [
      Object.defineProperty({ ...ada }, 'lazy', { get: run, enumerable: true }),
      hostile,
      proxy,
      { hostile, list: new Proxy([], { get: fail }), ...ada },
    ];
    for (const context of contexts) expect(client.participant(context).isOn('banner')).toBe(true);
    revoke();
    await client.close();
    expect(run).not.toHaveBeenCalled();
    expect(Object.keys(shapeIn().toSchema().properties as object)).toEqual(
      expect.arrayContaining(['lazy', 'hostile', 'user']),
    );
  });

  it('writes outside the AsyncLocalStorage of the request', async () => {
    const requests = new AsyncLocalStorage<string>();
    const stores: unknown[] = [];
    jest.useFakeTimers({
      doNotFake: ['performance', 'nextTick', 'queueMicrotask', 'setImmediate'],
    });
    const logger = { warn() {}, error: () => void stores.push(requests.getStore()) };
    const client = open({ logger, recordContextShape: join(directory, 'missing', 'shape.json') });
    try {
      requests.run('request 1', () => client.participant(ada).isOn('banner'));
      await Promise.resolve();
      jest.advanceTimersByTime(3000);
    } finally {
      jest.useRealTimers();
    }
    await until('the failure is logged', () => stores.length > 0);
    expect(stores).toEqual([undefined]);
  });

  it.each([
    ['a number', 1],
    ['an empty path', ''],
    ['an object', {}],
  ])('refuses %s', (_, recordContextShape) => {
    expect(() => createClient({ source, recordContextShape } as never)).toThrow(
      /recordContextShape.*must be a path/,
    );
  });
});

describe('a shape file', () => {
  it('holds no value of a context', async () => {
    const key = fc.constantFrom('user', 'id', 'plan', 'tags', 'constructor', '__proto__', 'a b');
    const value = fc.oneof(
      fc.string({ minLength: 6, maxLength: 20, unit: 'grapheme-ascii' }).map((text) => `<${text}>`),
      fc.integer({ min: 1e6 }),
      fc.double({ noNaN: true, min: 1e3 }).map((number) => number + 0.123),
      fc.date({ noInvalidDate: true }),
      fc.nat().map((number) => version(`1.2.${100_000 + number}`)),
      fc.boolean(),
    );
    // Data as names: of maps by address, number and id.
    const ids = fc.oneof(fc.emailAddress(), fc.uuid(), fc.integer({ min: 1e6 }).map(String));
    const context = fc.object({
      key: fc.oneof(key, ids),
      values: [value],
      maxDepth: 4,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
    });
    const contexts = fc.array(context, { minLength: 1 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(contexts, async (given) => {
        const file = join(directory, `${run++}.json`);
        const client = open({ recordContextShape: file, logger: false });
        for (const context of given) client.participant(context).isOn('banner');
        await client.close();
        const text = readFileSync(file, 'utf8');
        const words = [...text.matchAll(/"([^"]*)"/g)].map(([, word]) => word);
        const known = [
          'form',
          'seen',
          'types',
          'objects',
          'properties',
          'isMap',
          'others',
          'items',
        ];
        const types = [
          'null',
          'boolean',
          'integer',
          'number',
          'string',
          'version',
          'date',
          'array',
          'object',
          'any',
        ];
        const names = ['user', 'id', 'plan', 'tags', 'size'];
        expect(words.filter((word = '') => ![...known, ...types, ...names].includes(word))).toEqual(
          [],
        );
        expect(text.match(/[\d.]{5,}/g)).toBeNull();
      }),
      { numRuns: runs(100) },
    );
  });

  it.each(SPECIAL_KINDS)('is not written in place of %s', async (kind) => {
    await makeSpecial(kind, path);
    const logger = recordingLogger();
    const client = open({ logger });
    client.participant(ada).isOn('banner');
    await client.close();
    expect(logger.errors).toEqual([
      expect.stringMatching(
        /^evenhand: recordContextShape failed; requests are not affected: the shape file .*shape\.json /,
      ),
    ]);
    expect(kindAt(path)).toBe(kind);
  });

  it.each([
    ['a specification', '["banner:on"]\n'],
    ['text', 'hello'],
    ['another version', '{"form": 2}'],
  ])('is not written over %s', async (_, text) => {
    writeFileSync(path, text);
    const logger = recordingLogger();
    const client = open({ logger });
    client.participant(ada).isOn('banner');
    await client.close();
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(logger.errors).toEqual([
      `evenhand: recordContextShape failed; requests are not affected: the shape file ${path} holds something else, which is kept; set "recordContextShape" to another path`,
    ]);
  });

  it('may be empty at first', async () => {
    writeFileSync(path, '');
    await record(ada);
    expect(shapeIn().toSchema()).toEqual(SCHEMA_OF_ADA);
  });

  it('that can not be written is reported once, and decisions go on', async () => {
    const logger = recordingLogger();
    const missing = join(directory, 'missing', 'shape.json');
    const client = open({ logger, recordContextShape: missing });
    expect(client.participant(ada).isOn('banner')).toBe(true);
    await client.close();
    expect(client.participant(ada).isOn('banner')).toBe(true);
    expect(logger.errors).toEqual([
      `evenhand: recordContextShape failed; requests are not affected: the shape file ${missing} can't be written: ENOENT: no such file or directory; it must be in a directory that this process can write to`,
    ]);
  });
});
