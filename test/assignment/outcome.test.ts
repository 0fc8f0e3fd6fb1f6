import type { Outcome } from '../../src/assignment/outcome.ts';
import { Participant } from '../../src/assignment/participant.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, drawing, experiment, recordingLogger } from './build.ts';

describe('outcome', () => {
  function outcomeOf(spec: object, context: object, overrides?: ReadonlyMap<string, string>) {
    const seen: Outcome[] = [];
    const snapshot = parseExperiments([spec], {
      onError: 'fallback',
      logger: recordingLogger(),
      random: drawing(3),
    });
    const participant = new Participant(snapshot.setup, context, {
      before: (name = '') => overrides?.get(name),
      after(outcome) {
        if (outcome !== undefined && outcome.reason !== 'segment') seen.push(outcome);
      },
      exposed() {},
      tracked() {},
    });
    participant.variant('exp');
    participant.variant('exp');
    expect(seen).toHaveLength(1);
    return seen[0];
  }

  it.each([
    ['a plain switch', experiment({ audiences: [audience({ on: 100 })] }), false, false],
    ['an identity', experiment(), true, false],
    ['a draw', experiment({ identity: 'random' }), false, true],
    [
      'a rule',
      experiment({ audiences: [audience({ a: 100 }, 'beta'), audience({ b: 100 })] }),
      true,
      false,
    ],
    [
      'a rule and a draw',
      experiment({
        identity: 'random',
        audiences: [audience({ a: 100 }, 'beta'), audience({ a: 1, b: 99 })],
      }),
      true,
      true,
    ],
  ])(
    'reports whether other participants might have another variant: %s',
    (_, spec, personal, drawn) => {
      expect(outcomeOf(spec, { user: { id: 1 }, beta: false })).toMatchObject({ personal, drawn });
    },
  );

  it('counts an override and an error as personal', () => {
    expect(outcomeOf(experiment(), {}, new Map([['exp', 'b']]))).toMatchObject({
      reason: 'override',
      personal: true,
      drawn: false,
    });
    expect(outcomeOf(experiment(), {})).toMatchObject({
      reason: 'error',
      personal: true,
      drawn: false,
    });
  });

  it('asks the listener for an override once per experiment, when it is decided', () => {
    const asked: string[] = [];
    const snapshot = parseExperiments([experiment(), 'banner:on']);
    const participant = new Participant(
      snapshot.setup,
      {},
      {
        before(name = '') {
          asked.push(name);
          return name === 'exp' ? 'b' : undefined;
        },
        after() {},
        exposed() {},
        tracked() {},
      },
    );
    expect(asked).toEqual([]);
    expect(participant.variants()).toEqual({ exp: 'b', banner: 'on' });
    expect(participant.isOn('banner')).toBe(true);
    expect(asked).toEqual(['exp', 'banner']);
  });
});
