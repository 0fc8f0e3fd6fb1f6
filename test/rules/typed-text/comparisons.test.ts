import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { traceRule } from '../../../src/rules/trace.ts';
import { version } from '../../../src/rules/typed-text/version.ts';
import { runs } from '../../runs.ts';
import { failureOf, outcomeOf, placeOf } from '../outcome.ts';

const context = {
  app: version('1.10.2'),
  beta: version('2.0.0-beta.1'),
  same: version('v1.10.2+5'),
  none: version(undefined),
  day: new Date('2026-12-01T00:00:00Z'),
  time: new Date('2026-12-01T08:30:00.250Z'),
  invalid: new Date(NaN),
  text: '1.9.0',
  set: new Set(['1.10.2', 'x']),
  versions: [version('1.9'), version('1.10.2')],
};

describe('a version in a rule', () => {
  it.each([
    ['app >= "1.10.0"', true],
    ['app >= "1.10.3"', false],
    ['app > "1.9.9"', true],
    ['app < "2"', true],
    ['"1.9" < app', true],
    ['"1.10.2" >= app', true],
    ['"1.9.0" <= app < "2.0.0"', true],
    ['"1.9.0" <= app < "1.10.0"', false],
    ['app == "1.10.2"', true],
    ['app == "v1.10.2"', true],
    ['"1.10.2+7" == app', true],
    ['app == "1.10"', false],
    ['app != "1.10.2"', false],
    ['app != "1.10.3"', true],
    ['not app == "1.10.2"', false],
    ['app in ["1.9.0", "1.10.2"]', true],
    ['app in ("v1.10.2",)', true],
    ['app in ["1.9.0", "x"]', false],
    ['app not in ["1.9.0", "1.10.2"]', false],
    ['app not in ["1.9.0", "2"]', true],
    ['app in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "1.10.2"]', true],
    ['app in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "1.10"]', false],
    ['app in ["1.9.0", "1.10.2", 5, None]', true],
    ['app in {"1.9.0", "v1.10.2"}', true],
    ['app in {"1.9.0"}', false],
    ['app not in {"1.10.2"}', false],
    ['app in set', true],
    ['beta in set', false],
    ['app in versions and "1.10.2" in versions and same in versions', true],
    ['[app] == ["1.10.2"] and {"a": app} == {"a": "1.10.2"}', true],
    ['{app, same} == {app}', true],
    ['[app] < ["1.11"]', true],
    ['app == same and app <= same and not app < same', true],
    ['app < beta and beta < "2.0.0" and beta > "2.0.0-beta"', true],
    ['app > text', true],
    ['app == text', false],
    ['app is app and app is not same', true],
    ['app is "1.10.2"', false],
    ['app and True', true],
    ['app == 1 or app == None or app == day or app == True', false],
    ['app != 1 and app != day', true],
    ['none is None and none != "1.0.0"', true],
    ['app == "latest" or app >= "1.10"', true],
    ['app != "latest"', true],
    ['(app if app >= "2" else beta) == "2.0.0-beta.1"', true],
    ['[v for v in versions if v >= "1.10"] == [app]', true],
  ])('gives %s the result %p', (rule, result) => {
    expect(outcomeOf(rule, context)).toBe(result);
  });

  it.each([
    [
      'app >= "1.10.O"',
      '">=" can\'t compare a version with "1.10.O", which is not a version; did you mean "1.10"?',
    ],
    [
      '"1.10.0.4" < app',
      '"<" can\'t compare a version with "1.10.0.4", which is not a version; did you mean "1.10.0"?',
    ],
    [
      'app < "latest"',
      '"<" can\'t compare a version with "latest", which is not a version; write up to three numbers, such as "1.10.0"',
    ],
    ['app >= 1.1', '">=" can\'t compare a version with a number'],
    ['app > day', '">" can\'t compare a version with a date'],
    ['none >= "1.0.0"', '">=" can\'t compare None with a string'],
    ['app + 1 == 2', '"+" can\'t combine a version and a number'],
    ['app in "1.10.2"', '"in" can only find a string in a string, not a version'],
    ['app[0] == 1', 'there is no key a number'],
  ])('reports the error of %s', (rule, reason) => {
    const error = failureOf(rule, context);
    expect(error.reason).toBe(reason);
    expect(placeOf(error)).toBe(rule.replace(/ == \d$/, ''));
  });

  it('is shown as its text in explanations', () => {
    expect(traceRule('app >= "1.10" and versions != []', context).clauses).toEqual([
      { clause: 'app >= "1.10"', outcome: true, values: { app: '1.10.2' } },
      { clause: 'versions != []', outcome: true, values: { versions: ['1.9', '1.10.2'] } },
    ]);
  });
});

describe('a date in a rule', () => {
  it.each([
    ['day == "2026-12-01"', true],
    ['day == "2026-12-01T01:00:00+01:00"', true],
    ['day != "2026-12-02"', true],
    ['day in ["2026-11-30", "2026-12-01"]', true],
    ['day in {"2026-11-30", "2026-12-01T00:00Z"}', true],
    ['day not in ["2026-12-01"]', false],
    ['time >= "2026-12-01"', true],
    ['time > "2026-12-01T09:30:00+01:00"', true],
    ['time < "2026-12-01T08:30:00.251Z"', true],
    ['"2026-12-01" <= time < "2026-12-02"', true],
    ['day < time and time != day', true],
    ['day == "tomorrow"', false],
    ['day == "2026-12-01T00:00:00"', false],
    ['day == text or day == app', false],
    ['day is "2026-12-01"', false],
    ['{day} == {day} and [day] == ["2026-12-01"]', true],
  ])('gives %s the result %p', (rule, result) => {
    expect(outcomeOf(rule, context)).toBe(result);
  });

  it.each([
    ['day < "2026-12-1"', 'did you mean "2026-12-01"?'],
    ['day < "2026-12-01T09:00"', 'did you mean "2026-12-01T09:00Z"?'],
    ['day < "2026/12/01 9:00"', 'write it like "2026-12-01" or "2026-12-01T09:00:00Z"'],
    ['day < "1.12.2026"', 'write it like "2026-12-01" or "2026-12-01T09:00:00Z"'],
    ['day < "2026-02-30"', 'write it like "2026-12-01" or "2026-12-01T09:00:00Z"'],
  ])('reports the error of %s', (rule, remedy) => {
    const [, text = ''] = /"(.*)"/.exec(rule) ?? [];
    const reason = `"<" can't compare a date with "${text}", which is not a date; ${remedy}`;
    const error = failureOf(rule, context);
    expect([error.code, error.reason]).toEqual(['type', reason]);
  });

  it('compares by time with text, whatever the texts look like', () => {
    const dates = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
    fc.assert(
      fc.property(dates, dates, (one, other) => {
        const values = { one, text: other.toISOString() };
        expect(outcomeOf('one < text', values)).toBe(one < other);
        expect(outcomeOf('text <= one', values)).toBe(other <= one);
        expect(outcomeOf('one == text', values)).toBe(one.getTime() === other.getTime());
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('an invalid date in a rule', () => {
  it('is an error if it is compared by order with a text', () => {
    const error = failureOf('invalid < "2026-12-01"', context);
    expect([error.code, error.reason]).toEqual([
      'type',
      '"<" can\'t compare an invalid date; check the Date that your application provides',
    ]);
    expect(outcomeOf('"2026-12-01" >= invalid', context)).toBe('type');
  });

  it('equals nothing, and is in no order with another date, as before', () => {
    for (const operator of ['<', '<=', '>', '>=', '==']) {
      expect(outcomeOf(`invalid ${operator} day`, context)).toBe(false);
      expect(outcomeOf(`day ${operator} invalid`, context)).toBe(false);
    }
    expect(outcomeOf('invalid == "2026-12-01"', context)).toBe(false);
    expect(outcomeOf('invalid in ["2026-12-01", "x"]', context)).toBe(false);
  });
});

describe('hostile values, compared with text', () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  class Own extends Date {
    override getTime(): number {
      throw new Error('getTime');
    }
    override valueOf(): number {
      throw new Error('valueOf');
    }
    override toISOString(): string {
      throw new Error('toISOString');
    }
  }
  const patched = Object.assign(new Date(0), { getTime: () => 5e12, valueOf: () => 5e12 });

  it.each([
    ['a Proxy that was revoked', revoked],
    ['a Proxy of a Date', new Proxy(new Date(0), {})],
    ['a Proxy of a version', new Proxy(version('1.0.0') ?? {}, {})],
    ['an object with the prototype of a Date', Object.create(Date.prototype)],
    [
      'a Proxy that throws',
      new Proxy(
        {},
        {
          get() {
            throw new Error('get');
          },
          getPrototypeOf() {
            throw new Error('getPrototypeOf');
          },
        },
      ),
    ],
    ['a Proxy with every property', new Proxy({}, { get: () => () => 1, has: () => true })],
    ['a Date of another realm', runInNewContext('new Date(0)')],
    ['an object with a false brand', { [Symbol.for('evenhand/version')]: 5 }],
    ['an object with an unreadable brand', { [Symbol.for('evenhand/version')]: 'x' }],
  ])('do not throw for %s and ==', (_, x: unknown) => {
    expect(outcomeOf('x == "2026-12-01" or x == "1.5" or x in ["1.5", "7"]', { x })).toBe(false);
    expect(outcomeOf('x == text', { x, text: '1.5' })).toBe(false);
    expect(outcomeOf('x != "1.5"', { x })).toBe(true);
  });

  it('use the time of a Date, not the methods of its class', () => {
    const own = new Own('2026-12-01T00:00:00Z');
    expect(outcomeOf('own == "2026-12-01" and own < "2026-12-02"', { own })).toBe(true);
    expect(outcomeOf('patched == "1970-01-01"', { patched })).toBe(true);
    expect(traceRule('own == "2026-12-01"', { own }).clauses[0]?.values).toEqual({
      own: '2026-12-01T00:00:00.000Z',
    });
  });

  it('count the items of a large set', () => {
    const set = new Set(Array.from({ length: 200_000 }, (_, i) => `x${i}`));
    const rule = `[v for v in versions if v in set and v in set and v in set and v in set and v in set] == []`;
    expect(
      outcomeOf(rule, { set, versions: Array.from({ length: 50 }, () => version('1.0')) }),
    ).toBe('limit');
  });
});
