import * as fc from 'fast-check';
import { SpecError } from '../../../src/errors/spec-error.ts';
import { parseJson } from '../../../src/json/parse.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { contextWarnings } from '../../../src/specification/context/context-checks.ts';
import {
  latestSwitch,
  nextSwitch,
  placeInSchedule,
  revisionAt,
  specificationAt,
  switchesOf,
} from '../../../src/specification/schedule/schedule.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import type { Specification } from '../../../src/specification/types.ts';
import { textsSteps } from '../../../src/specification/parse-texts.ts';
import { runs } from '../../runs.ts';

const FIRST = '2026-12-01T09:00:00Z';
const SECOND = '2026-12-08T09:00:00Z';

/** Audiences that give everyone one variant. */
const all = (variant: string): object[] => [{ allocations: [{ variant, percent: 100 }] }];

function experiment(changes: object = {}): object {
  return {
    name: 'search',
    identity: 'user.id',
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: all('a'),
    ...changes,
  };
}

function scheduled(...schedule: unknown[]): object {
  return experiment({ schedule });
}

function parse(data: unknown): Specification {
  return atOnce(specificationSteps(data, { origin: 'config' }));
}

function problemsOf(data: unknown): string[] {
  try {
    parse(data);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

const ms = (at: string): number => Date.parse(at);

describe('a schedule', () => {
  it('is kept in UTC, complete and frozen, and is absent from other experiments', () => {
    const specification = parse([
      scheduled({ at: '2026-12-01T10:00:00.000+01:00', audiences: all('b') }),
      experiment({ name: 'other' }),
      experiment({ name: 'empty', schedule: [] }),
    ]);
    const [search, ...others] = specification.experiments;
    expect(search?.schedule).toEqual([{ at: FIRST, audiences: all('b') }]);
    expect(Object.isFrozen(search?.schedule?.[0]?.audiences)).toBe(true);
    for (const other of others) expect(other).not.toHaveProperty('schedule');
    expect(specification.scheduled).toBe(true);
    expect(parse([experiment(), 'x:on'])).not.toHaveProperty('scheduled');
  });

  it.each([
    ['2026-12-01', '"2026-12-01"; did you mean "2026-12-01T00:00:00Z"?'],
    ['2026-12-01T09:00:00', '"2026-12-01T09:00:00"; did you mean "2026-12-01T09:00:00Z"?'],
    ['2026-12-01T09:00Z', '"2026-12-01T09:00Z"; did you mean "2026-12-01T09:00:00Z"?'],
    ['2026-12-01 9:00', '"2026-12-01 9:00"; did you mean "2026-12-01T09:00:00Z"?'],
    ['2026-12-31T24:00:00Z', '"2026-12-31T24:00:00Z"; did you mean "2027-01-01T00:00:00Z"?'],
    [
      '2026-12-01T09:00:00+0100',
      '"2026-12-01T09:00:00+0100"; did you mean "2026-12-01T09:00:00+01:00"?',
    ],
    ['2026/12/01 09:00:00 UTC', '"2026/12/01 09:00:00 UTC"; did you mean "2026-12-01T09:00:00Z"?'],
    [
      '2026-12-01T09:00:00.123456Z',
      '"2026-12-01T09:00:00.123456Z"; did you mean "2026-12-01T09:00:00.123Z"?',
    ],
    ['2026-12-01T24:30:00Z', '"2026-12-01T24:30:00Z"'],
    ['2026-12-01T23:59:60Z', '"2026-12-01T23:59:60Z"'],
    ['2026-02-30', '"2026-02-30"'],
    ['tomorrow', '"tomorrow"'],
    [1796115600000, '1796115600000'],
    [null, 'null'],
  ])('does not accept the instant %j', (at, shown) => {
    const needs = 'at must be a date and time with a time zone, such as "2026-12-01T09:00:00Z"';
    expect(problemsOf([scheduled({ at, audiences: all('b') })])).toEqual([
      `/0/schedule/0/at ${needs}, not ${shown}`,
    ]);
  });

  it.each([
    ['2026-02-30T00:00:00Z', 'at is 2026-02-30T00:00:00Z, but 2026-02 has only 28 days'],
    ['0226-12-01T09:00:00Z', 'at is in the year 226; use a year from 2000 to 2999'],
    ['3026-12-01T09:00:00Z', 'at is in the year 3026; use a year from 2000 to 2999'],
  ])('does not accept the instant %j, which has the right form', (at, message) => {
    expect(problemsOf([scheduled({ at, audiences: all('b') })])).toEqual([
      `/0/schedule/0/at ${message}`,
    ]);
  });

  it.each(['2028-02-29T23:59:59.5Z', '2026-12-01T09:00:00-12:00', '2000-01-01T00:00:00+14:00'])(
    'accepts the instant %s',
    (at) => {
      const [spec] = parse([scheduled({ at, audiences: all('b') })]).experiments;
      expect(ms(spec?.schedule?.[0]?.at ?? '')).toBe(ms(at));
    },
  );

  it('rejects two steps at one instant and steps that are out of order', () => {
    const steps = [
      SECOND,
      FIRST,
      '2026-12-08T10:00:00+01:00',
      '2026-12-09T00:00:00Z',
      '2026-12-08T23:00:00Z',
    ].map((at) => ({ at, audiences: all('b') }));
    const order = 'list the steps in the order of their instants';
    expect(problemsOf({ experiments: [scheduled(...steps)] })).toEqual([
      `/experiments/0/schedule/1/at step 2 is earlier than step 1; ${order}`,
      '/experiments/0/schedule/2/at step 3 is at the same instant as step 1; remove one of them, or change its "at"',
      `/experiments/0/schedule/4/at step 5 is earlier than step 4; ${order}`,
    ]);
  });

  it('checks the audiences of each step as it checks those of the experiment', () => {
    const step = {
      at: FIRST,
      audiences: [
        { allocations: [{ variant: 'c', percent: 100 }] },
        { rule: 'user.plan ==', allocations: [{ variant: 'b', percent: 90 }] },
      ],
    };
    expect(problemsOf([scheduled(step)])).toEqual([
      expect.stringMatching(/^\/0\/schedule\/0\/audiences\/0 audience 1 of 2 has no rule/),
      expect.stringMatching(
        /^\/0\/schedule\/0\/audiences\/0\/allocations\/0\/variant variant "c" is not declared/,
      ),
      expect.stringMatching(
        /^\/0\/schedule\/0\/audiences\/1\/rule the last audience takes everyone/,
      ),
      expect.stringMatching(/^\/0\/schedule\/0\/audiences\/1\/rule .*user\.plan ==/s),
      '/0/schedule/0/audiences/1/allocations allocations of audience 2 sum to 90, not 100; raise one of them by 10',
    ]);
  });

  it('checks rules of steps against the declared context, with the line and the column', () => {
    const text = JSON.stringify(
      {
        context: { properties: { country: { type: 'string' } }, required: ['country'] },
        experiments: [
          scheduled({
            at: FIRST,
            audiences: [
              { rule: 'contry == "NO"', allocations: [{ variant: 'b', percent: 100 }] },
              ...all('a'),
            ],
          }),
        ],
      },
      undefined,
      2,
    );
    const read = () =>
      atOnce(specificationSteps(parseJson(text, 'config'), { origin: 'config', text }));
    expect(read).toThrow(/config:\d+:\d+ .*\n?.*contry/);
  });

  it.each([
    [[1], '/0/schedule/0 a step must be an object with "at" and "audiences", not 1'],
    [[{ at: FIRST }], '/0/schedule/0 the property "audiences" is missing'],
    [{ at: FIRST }, '/0/schedule schedule must be a list of steps, not an object'],
    [
      [{ at: FIRST, audience: all('b') }],
      '/0/schedule/0/audience unknown property "audience"; did you mean "audiences"?',
    ],
    [
      [{ at: FIRST, allocations: [{ variant: 'b', percent: 100 }] }],
      '/0/schedule/0/allocations allocations belong in an audience; write "audiences": [{ "allocations": [ … ] }]',
    ],
    [
      [{ at: FIRST, audiences: [{ allocations: { a: 50, b: 50 } }] }],
      '/0/schedule/0/audiences/0/allocations write allocations as a list of objects: [{ "variant": "a", "percent": 50 }, { "variant": "b", "percent": 50 }]',
    ],
  ])('explains the mistake in %j', (schedule, message) => {
    expect(problemsOf([experiment({ schedule })])).toEqual([message]);
  });

  it('has at most 100 steps', () => {
    const steps = (count: number): object[] =>
      Array.from({ length: count }, (_, i) => ({
        at: new Date(ms(FIRST) + i * 1000).toISOString(),
        audiences: all('b'),
      }));
    expect(problemsOf([scheduled(...steps(100))])).toEqual([]);
    expect(problemsOf([scheduled(...steps(101))])).toEqual([
      '/0/schedule the schedule has 101 steps, more than 100; remove those that are past',
    ]);
  });

  it('compiles the rules of all steps when the file is loaded', () => {
    const rule = 'user.plan == "pro"';
    const specification = parse([
      scheduled({
        at: FIRST,
        audiences: [{ rule, allocations: [{ variant: 'b', percent: 100 }] }, ...all('a')],
      }),
    ]);
    expect([...specification.rulesOf('search').keys()]).toEqual([rule]);
  });

  it('is found in one of several texts', () => {
    const texts = [
      [experiment()],
      [{ ...scheduled({ at: FIRST, audiences: all('b') }), name: 'x' }],
    ];
    const specification = atOnce(
      textsSteps(
        texts.map((data, i) => ({ text: JSON.stringify(data), origin: `${i}.json` })),
        'folder',
      ),
    );
    expect(specification.scheduled).toBe(true);
    expect(nextSwitch(specification, 0)).toBe(ms(FIRST));
  });
});

describe('contextWarnings', () => {
  it('finds doubtful rules in steps, with their paths', () => {
    const data = {
      context: { properties: { age: { type: ['integer', 'string'] } }, required: ['age'] },
      experiments: [
        scheduled({
          at: FIRST,
          audiences: [
            { rule: 'age == 1', allocations: [{ variant: 'b', percent: 100 }] },
            { rule: 'age > 1', allocations: [{ variant: 'b', percent: 100 }] },
            ...all('a'),
          ],
        }),
      ],
    };
    expect(contextWarnings(data).map(({ path }) => path)).toEqual([
      '/experiments/0/schedule/0/audiences/1/rule',
    ]);
  });
});

describe('specificationAt', () => {
  const two = parse([
    scheduled({ at: FIRST, audiences: all('b') }, { at: SECOND, audiences: all('a') }),
    experiment({ name: 'other' }),
    {
      ...scheduled({ at: '2026-12-03T00:00:00Z', audiences: all('b') }),
      name: 'third',
    },
  ]);

  it('returns a specification without schedules unchanged', () => {
    const specification = parse([experiment()]);
    expect(specificationAt(specification, ms(SECOND))).toBe(specification);
  });

  it('puts a step in force at its instant, not a millisecond before', () => {
    const variants = (at: number) =>
      specificationAt(two, at).experiments.map(
        (spec) => spec.audiences[0]?.allocations[0]?.variant,
      );
    expect(variants(ms(FIRST) - 1)).toEqual(['a', 'a', 'a']);
    expect(variants(ms(FIRST))).toEqual(['b', 'a', 'a']);
    expect(variants(ms(SECOND) - 1)).toEqual(['b', 'a', 'b']);
    expect(variants(ms(SECOND))).toEqual(['a', 'a', 'b']);
  });

  it('shares the experiments that are as the file has them', () => {
    const now = specificationAt(two, ms(FIRST)).experiments;
    expect(now[0]).not.toBe(two.experiments[0]);
    expect(now[1]).toBe(two.experiments[1]);
    expect(now[2]).toBe(two.experiments[2]);
    expect(Object.isFrozen(now[0])).toBe(true);
  });

  it('names the step in force and the next one', () => {
    const places = [0, ms(FIRST), ms(SECOND)].map((at) => {
      const [search, other] = specificationAt(two, at).experiments;
      return [search && placeInSchedule(search), other && placeInSchedule(other)];
    });
    expect(places).toEqual([
      [{ next: FIRST }, undefined],
      [{ since: FIRST, next: SECOND }, undefined],
      [{ since: SECOND }, undefined],
    ]);
  });

  it('equals the file with the audiences of the step written directly', () => {
    const instants = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 6 });
    const step = fc.constantFrom(all('a'), all('b'), [
      { rule: 'user.x', allocations: [{ variant: 'b', percent: 100 }] },
      ...all('a'),
    ]);
    const start = ms(FIRST);
    fc.assert(
      fc.property(
        fc.array(fc.record({ instants, steps: fc.array(step, { minLength: 6, maxLength: 6 }) }), {
          maxLength: 4,
        }),
        fc.integer({ min: -2, max: 52 }),
        (experiments, second) => {
          const files = experiments.map(({ instants, steps }, i) => {
            const sorted = [...instants].sort((a, b) => a - b);
            const past = sorted.filter((instant) => instant <= second).length;
            const own = { ...experiment(), name: `e${i}` };
            return {
              written: {
                ...own,
                schedule: sorted.map((instant, k) => ({
                  at: new Date(start + instant * 1000).toISOString(),
                  audiences: steps[k],
                })),
              },
              direct: past === 0 ? own : { ...own, audiences: steps[past - 1] },
            };
          });
          const specification = parse(files.map(({ written }) => written));
          const at = start + second * 1000;
          const found = specificationAt(specification, at).experiments.map(
            ({ schedule: _schedule, since: _since, ...rest }) => rest,
          );
          expect(found).toEqual(parse(files.map(({ direct }) => direct)).experiments);
          // Nothing changes until the next switch, and something may change at it.
          const next = nextSwitch(specification, at);
          const again = specificationAt(specification, (next ?? at + 1e6) - 1);
          expect(again.experiments).toEqual(specificationAt(specification, at).experiments);
          expect(latestSwitch(specification, next ?? at)).toBe(
            next ?? latestSwitch(specification, at),
          );
        },
      ),
      { numRuns: runs(200) },
    );
  });

  it('lists the switches in order, without repeats', () => {
    expect(switchesOf(two)).toEqual([FIRST, '2026-12-03T00:00:00Z', SECOND].map(ms));
    expect(nextSwitch(two, ms(SECOND))).toBeUndefined();
    expect(latestSwitch(two, ms(FIRST) - 1)).toBeUndefined();
  });
});

describe('revisionAt', () => {
  it('adds the instant of the latest switch to the revision of the source', () => {
    const specification = parse([scheduled({ at: FIRST, audiences: all('b') })]);
    expect(revisionAt(specification, ms(FIRST) - 1, 7)).toBe(7);
    expect(revisionAt(specification, ms(FIRST), 7)).toBe(`7@${FIRST}`);
    expect(revisionAt(specification, ms(SECOND), 'abc')).toBe(`abc@${FIRST}`);
    expect(revisionAt(specification, ms(SECOND), undefined)).toBeUndefined();
  });
});

describe('specificationAt with prerequisites', () => {
  it('changes the digest of a prerequisite with its audiences, not with its plan', () => {
    const asking = (schedule: readonly object[]): Specification =>
      parse([
        {
          ...experiment({ name: 'asks' }),
          audiences: [
            { rule: 'experiments.search == "b"', allocations: [{ variant: 'b', percent: 100 }] },
            ...all('a'),
          ],
        },
        scheduled(...schedule),
      ]);
    const step = { at: FIRST, audiences: all('b') };
    const digestAt = (specification: Specification, at: number) =>
      specificationAt(specification, at).experiments[0]?.prerequisites?.[0]?.digest;
    const one = asking([step]);
    expect(digestAt(one, ms(FIRST))).not.toBe(digestAt(one, 0));
    expect(digestAt(asking([step, { at: SECOND, audiences: all('a') }]), 0)).toBe(digestAt(one, 0));
    expect(digestAt(asking([]), 0)).toBe(digestAt(one, 0));
    expect(digestAt(asking([step, { at: SECOND, audiences: all('a') }]), ms(SECOND))).toBe(
      digestAt(one, 0),
    );
    // Unchanged experiments are shared.
    expect(specificationAt(one, 0).experiments[0]).toBe(one.experiments[0]);
  });
});
