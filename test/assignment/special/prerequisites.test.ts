import * as fc from 'fast-check';
import { WITHHOLDS_KEY } from '../../../src/assignment/identity.ts';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { createClient } from '../../../src/client/client.ts';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { closing } from '../../closing.ts';
import { runs } from '../../runs.ts';
import { audience, drawing, experiment, recordingLogger, thrownBy } from '../build.ts';

const checkout = experiment({ name: 'checkout' });

/** An experiment whose first audience has the rule. */
const ruled = (rule: string, name = 'follow_up') =>
  experiment({ name, audiences: [audience({ new: 100 }, rule), audience({ old: 100 })] });

const followUp = ruled('experiments.checkout == "a"');

const users = Array.from({ length: 60 }, (_, id) => ({ user: { id } }));

describe('an experiment that asks for another', () => {
  it('gets the variant that the participant has', () => {
    const snapshot = parseExperiments([followUp, checkout]);
    const seen = new Set<string>();
    for (const context of users) {
      const participant = snapshot.participant(context);
      const asked = participant.variant('follow_up');
      const other = participant.variant('checkout');
      expect(asked).toBe(other === 'a' ? 'new' : 'old');
      seen.add(`${other} ${asked}`);
    }
    expect(seen).toEqual(new Set(['a new', 'b old']));
  });

  it('decides as if the application had asked first and passed the variant on', () => {
    const rules = fc.constantFrom(
      'experiments.checkout == "a"',
      'experiments.checkout != "a" and user.id > 20',
      'experiments.checkout in ["a"] or experiments.search == "y"',
      'experiments.search is None or segments.both',
      '[x for x in [experiments.search] if x == "y"] == ["y"]',
      'segments.both if user.id < 30 else not segments.both',
    );
    const both = 'experiments.checkout == "a" and experiments.search == "x"';
    const search = experiment({ name: 'search', audiences: [audience({ x: 30, y: 70 })] });
    fc.assert(
      fc.property(rules, fc.nat(60), fc.string(), (rule, id, seed) => {
        const others = [{ ...checkout, seed }, search];
        const context = { user: { id } };
        const asking = parseExperiments({
          segments: [{ name: 'both', rule: both }],
          experiments: [ruled(rule), ...others],
        });
        const first = parseExperiments(others).participant(context);
        const passed = parseExperiments([
          ruled(rule.replaceAll('segments.both', `(${both})`).replaceAll('experiments.', 'given.')),
        ]);
        const given = { checkout: first.variant('checkout'), search: first.variant('search') };
        expect(asking.participant(context).variant('follow_up')).toBe(
          passed.participant({ ...context, given }).variant('follow_up'),
        );
      }),
      { numRuns: runs(500) },
    );
  });

  it('remembers one draw of an experiment with the identity "random"', () => {
    const random = drawing(10, 90, 90);
    const drawn = { ...checkout, identity: 'random' };
    const participant = parseExperiments([followUp, drawn], { random }).participant({});
    expect(participant.variant('follow_up')).toBe('new');
    expect(participant.variant('checkout')).toBe('a');
  });

  it('follows overrides of the other experiment', () => {
    const snapshot = parseExperiments([followUp, checkout]);
    for (const [variant, expected] of [
      ['a', 'new'],
      ['b', 'old'],
    ] as const) {
      for (const context of users.slice(0, 5)) {
        const participant = snapshot.participant(context, { overrides: { checkout: variant } });
        expect(participant.variant('follow_up')).toBe(expected);
      }
    }
    // An override of the experiment itself decides before its rules.
    const participant = snapshot.participant({}, { overrides: { follow_up: 'new' } });
    expect(participant.variant('follow_up')).toBe('new');
  });

  it('records no exposure to the other experiment until the application uses it', async () => {
    const sink = recordingSink();
    // Exposures are recorded where buckets decide.
    const counted = experiment({
      name: 'counted',
      audiences: [
        audience({ new: 50, old: 50 }, 'experiments.checkout in ["a", "b"]'),
        audience({ old: 100 }),
      ],
    });
    const client = closing(
      createClient({ source: { experiments: [counted, checkout] }, exposures: { sink } }),
    );
    const participant = client.participant({ user: { id: 1 } });
    participant.variant('counted');
    await client.exposures?.flush();
    expect(sink.exposures().map(({ experiment: name }) => name)).toEqual(['counted']);
    participant.variant('checkout');
    await client.exposures?.flush();
    expect(sink.exposures().map(({ experiment: name }) => name)).toEqual(['counted', 'checkout']);
  });

  it('reads None if the other experiment gives no variant without consent', () => {
    const snapshot = parseExperiments([
      ruled('experiments.checkout is None'),
      { ...checkout, identity: 'anonymous' },
    ]);
    const context = { anonymous: null, [WITHHOLDS_KEY]: () => true };
    expect(snapshot.participant(context).variant('follow_up')).toBe('new');
    expect(snapshot.participant({ anonymous: 'key' }).variant('follow_up')).toBe('old');
  });

  it('explains the variant of the other experiment', () => {
    const participant = parseExperiments([followUp, checkout]).participant({ user: { id: 1 } });
    const variant = participant.variant('checkout');
    expect(participant.explain('follow_up').audiences[0]?.clauses).toEqual([
      {
        clause: 'experiments.checkout == "a"',
        outcome: variant === 'a',
        values: { 'experiments.checkout': variant },
      },
    ]);
  });

  it('can ask together with segments that read the present instant', () => {
    const snapshot = parseExperiments({
      segments: [{ name: 'open', rule: 'now >= "2026-12-01" and experiments.checkout == "a"' }],
      experiments: [
        ruled('segments.open and experiments.started == "new"'),
        ruled('now >= "2026-11-01"', 'started'),
        checkout,
      ],
    });
    const decided = (now: string, variant: string) =>
      snapshot
        .participant({ user: { id: 1 } }, { now: new Date(now), overrides: { checkout: variant } })
        .explain('follow_up');
    expect(decided('2026-12-24', 'a').variant).toBe('new');
    expect(decided('2026-12-24', 'b').variant).toBe('old');
    expect(decided('2026-11-24', 'a').variant).toBe('old');
    expect(decided('2026-12-24', 'a').audiences[0]?.clauses.map(({ clause }) => clause)).toEqual([
      'segments.open',
      'now >= "2026-12-01"',
      'experiments.checkout == "a"',
      'experiments.started == "new"',
    ]);
  });

  it('keeps apart what nested decisions ask for', () => {
    const chain = [
      ruled('experiments.second == "new"', 'first'),
      ruled('experiments.third == "new" and experiments.checkout == "a"', 'second'),
      ruled('experiments.checkout == "a"', 'third'),
      checkout,
    ];
    const snapshot = parseExperiments(chain);
    for (const context of users) {
      const participant = snapshot.participant(context);
      const expected = snapshot.participant(context).variant('checkout') === 'a' ? 'new' : 'old';
      expect(participant.variants()).toMatchObject({ first: expected, second: expected });
    }
  });

  it('serves context values that ask for other participants while it decides', () => {
    const snapshot = parseExperiments([
      ruled('experiments.checkout == "a" and nested == "x" and experiments.checkout == "a"'),
      checkout,
    ]);
    const context = {
      user: { id: 1 },
      get nested() {
        for (const other of users) snapshot.participant(other).variant('checkout');
        snapshot.participant({ user: { id: 2 }, nested: 'x' }).variant('follow_up');
        return 'x';
      },
    };
    const expected = snapshot.participant(context).variant('checkout') === 'a' ? 'new' : 'old';
    expect(snapshot.participant(context).variant('follow_up')).toBe(expected);
  });
});

describe('a failure of the other experiment', () => {
  const failing = ruled('user.plan == "pro"', 'checkout');
  const asking = ruled('experiments.checkout == "new"');

  it('is thrown with the names of both experiments if onError is throw', () => {
    const snapshot = parseExperiments([asking, failing]);
    const thrown = thrownBy(() => snapshot.participant({ user: { id: 1 } }).variant('follow_up'));
    expect(thrown).toMatchObject({ code: 'prerequisite', experiment: 'follow_up' });
    expect((thrown as Error).message).toBe(
      'experiment "follow_up": the experiment that this rule asks for failed: experiment "checkout": an object has no attribute "plan"\n' +
        '  experiments.checkout == "new"\n' +
        '  ^^^^^^^^^^^^^^^^^^^^\n' +
        "  correct the other experiment or set onError: 'fallback' (the fallback audience decides)",
    );
  });

  it('lets the fallback audiences of both decide if onError is fallback', () => {
    const logger = recordingLogger();
    const snapshot = parseExperiments([asking, failing], { onError: 'fallback', logger });
    const participant = snapshot.participant({ user: { id: 1 } });
    expect(participant.variant('follow_up')).toBe('old');
    expect(participant.variant('checkout')).toBe('old');
    expect(logger.errors.map((line) => line.split('\n', 1)[0])).toEqual([
      'evenhand: experiment "checkout": an object has no attribute "plan"',
      'evenhand: experiment "follow_up": the experiment that this rule asks for failed: experiment "checkout": an object has no attribute "plan"',
    ]);
    const { audiences, error } = participant.explain('follow_up');
    expect(audiences.map(({ outcome }) => outcome)).toEqual(['error', 'fallback']);
    expect(error).toContain('experiment "checkout"');
  });

  it('names the segment that asks', () => {
    const snapshot = parseExperiments({
      segments: [{ name: 'converted', rule: 'experiments.checkout == "new"' }],
      experiments: [ruled('segments.converted'), failing],
    });
    expect(() => snapshot.participant({ user: { id: 1 } }).variant('follow_up')).toThrow(
      'experiment "follow_up": segment "converted": the experiment that this rule asks for failed: experiment "checkout": ',
    );
  });

  it('may be an error of the context', () => {
    const snapshot = parseExperiments([asking, failing]);
    const context = {
      get user() {
        throw new RangeError('no database');
      },
    };
    expect(() => snapshot.participant(context).variant('follow_up')).toThrow(
      'the experiment that this rule asks for failed: experiment "checkout": no database',
    );
  });
});
