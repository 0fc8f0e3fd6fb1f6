import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { version } from '../../../src/rules/typed-text/version.ts';
import { contextConverter, instantAdder } from '../../../src/workbench/contexts/prepare-context.ts';
import { audience, experiment } from '../../assignment/build.ts';

const specification = (properties: object) => ({ context: { properties }, experiments: [] });

const convert = contextConverter(
  specification({
    app: { type: ['string', 'null'], format: 'version' },
    day: { type: 'string', format: 'date' },
    time: { type: ['string', 'integer'], format: 'date-time' },
    text: { type: 'string' },
    any: {},
    clients: { type: 'array', items: { type: 'string', format: 'version' } },
    days: { type: 'object', additionalProperties: { type: 'string', format: 'date' } },
    device: {
      properties: { os: { type: 'string', format: 'version' }, name: { type: 'string' } },
      additionalProperties: { type: 'string', format: 'date' },
    },
    user: { properties: { since: { type: 'string', format: 'date-time' } } },
  }),
);

describe('contextConverter', () => {
  it('makes the versions and dates that the context declares, at any depth', () => {
    expect(
      convert({
        app: 'v1.10',
        day: '2026-12-01',
        time: '2026-12-01T09:00:00+01:00',
        clients: ['1.9', 'x', 5],
        days: { a: '2026-12-02' },
        device: { os: '17.2', name: '1.0', first: '2026-01-01' },
        user: { since: '2026-11-05T10:00:00Z', plan: '2026-12-01' },
      }),
    ).toEqual({
      app: version('v1.10'),
      day: new Date('2026-12-01'),
      time: new Date('2026-12-01T08:00:00Z'),
      clients: [version('1.9'), null, 5],
      days: { a: new Date('2026-12-02') },
      device: { os: version('17.2'), name: '1.0', first: new Date('2026-01-01') },
      user: { since: new Date('2026-11-05T10:00:00Z'), plan: '2026-12-01' },
    });
  });

  it('reads a text that is not a version as None, as version() does', () => {
    expect(convert({ app: 'latest' })).toEqual({ app: null });
  });

  it('reads a text that is not a date as an invalid Date', () => {
    const { day } = convert({ day: '1.12.2026' }) as { day: Date };
    expect(day).toBeInstanceOf(Date);
    expect(day.getTime()).toBeNaN();
  });

  it.each([[5], [null], [true], [['1.0']], [{ a: '1.0' }]])(
    'keeps %j where a text was declared',
    (value) => {
      expect(convert({ app: value, day: value })).toEqual({ app: value, day: value });
    },
  );

  it('keeps every other text, and changes nothing in place', () => {
    const context = { text: '1.0', any: '2026-12-01', unknown: '1.0', day: '2026-12-01' };
    const { day: _, ...others } = context;
    expect(convert(context)).toMatchObject(others);
    expect(context.day).toBe('2026-12-01');
  });

  it('keeps names such as __proto__ as data', () => {
    const context = JSON.parse('{ "__proto__": { "app": "1" }, "app": "2" }') as object;
    const converted = convert(context);
    expect(Object.getPrototypeOf(converted)).toBe(Object.prototype);
    expect(Object.keys(converted)).toEqual(['__proto__', 'app']);
  });

  it('converts now, and nothing else, without a declared context', () => {
    for (const data of [[], { experiments: [] }]) {
      expect(contextConverter(data)({ now: '2026-12-01', app: '1.0' })).toEqual({
        now: new Date('2026-12-01'),
        app: '1.0',
      });
    }
  });
});

describe('instantAdder', () => {
  const now = new Date('2026-12-01');
  const { experiments } = parseExperiments([
    'search:on',
    experiment({ audiences: [audience({ b: 100 }, 'now >= "2026-12-01"'), audience({ a: 100 })] }),
  ]);

  it('adds the instant if a rule reads it, unless the context has its own', () => {
    const add = instantAdder(experiments, now);
    expect(add({ user: 1 })).toEqual({ user: 1, now });
    expect(add({ now: 5 })).toEqual({ now: 5 });
  });

  it('adds nothing if no rule reads it', () => {
    const context = { user: 1 };
    expect(instantAdder(experiments.slice(0, 1), now)(context)).toBe(context);
  });
});
