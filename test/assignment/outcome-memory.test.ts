import * as fc from 'fast-check';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, drawing, experiment, recordingLogger } from './build.ts';
import { runs } from '../runs.ts';

const FIFTY = audience({ a: 50, b: 50 });

/** So many experiments: by user, drawn, or by a path that is not there. */
function experiments(count: number) {
  return Array.from({ length: count }, (_, i) =>
    experiment({ name: `e${i}`, identity: ['user.id', 'random', 'nowhere'][i % 3] ?? '' }),
  );
}

/** Returns the calls on a participant with `count` experiments. */
const questions = (count: number) =>
  fc.array(
    fc.oneof(
      fc.nat(count - 1).map((i) => `e${i}`),
      fc.constant('variants()'),
    ),
    { maxLength: 40 },
  );

describe('the outcomes a participant remembers', () => {
  it.each([1, 3, 8, 9, 10, 30])(
    'are the same whenever and in whatever order it is asked: %i experiments',
    (count) => {
      const logger = recordingLogger();
      const specs = experiments(count);
      fc.assert(
        fc.property(questions(count), fc.nat(1000), (asked, id) => {
          let draws = 0;
          const random = () => {
            draws++;
            return ((draws * 37) % 100) / 100;
          };
          const snapshot = parseExperiments(specs, { random, logger, onError: 'fallback' });
          const participant = snapshot.participant({ user: { id } });
          const known = new Map<string, string | undefined>();
          for (const question of [...asked, 'variants()', ...specs.map(({ name }) => name)]) {
            const answers =
              question === 'variants()'
                ? Object.entries(participant.variants())
                : [[question, participant.variant(question)] as const];
            for (const [name, variant] of answers) {
              const before = known.has(name) ? known.get(name) : variant;
              known.set(name, variant);
              expect([name, variant]).toEqual([name, before]);
            }
          }
          // Each was decided once: a draw for each that draws, and none more.
          expect(draws).toBe(specs.filter(({ identity }) => identity === 'random').length);
          expect([...known.keys()].sort()).toEqual(specs.map(({ name }) => name).sort());
          const byUser = specs.filter(({ identity }) => identity === 'user.id');
          for (const { name } of byUser) {
            const alone = parseExperiments([experiment({ name })]).participant({ user: { id } });
            expect(known.get(name)).toBe(alone.variant(name));
          }
        }),
        { numRuns: runs(60) },
      );
    },
  );

  it('stay the same with many experiments, when all are read at the end', () => {
    const specs = Array.from({ length: 600 }, (_, i) =>
      experiment({ name: `e${i}`, identity: 'random' }),
    );
    let draws = 0;
    const random = () => (++draws % 100) / 100;
    const participant = parseExperiments(specs, { random }).participant();
    const asked = specs.filter((_, i) => i % 23 === 0).map(({ name }) => name);
    const before = asked.map((name) => participant.variant(name));
    expect(asked.map((name) => participant.variant(name))).toEqual(before);
    expect(draws).toBe(asked.length);
    const all: Record<string, string> = participant.variants();
    expect(asked.map((name) => all[name])).toEqual(before);
    expect(draws).toBe(600);
    expect(participant.variants()).toEqual(all);
    expect(specs.map(({ name }) => participant.variant(name))).toEqual(Object.values(all));
    expect(draws).toBe(600);
  });

  it('are not those of another participant, or of another snapshot', () => {
    const random = drawing(0, 99, 99, 0);
    const specs = [experiment({ identity: 'random', audiences: [FIFTY] })];
    const [one, other] = [parseExperiments(specs, { random }), parseExperiments(specs, { random })];
    const participants = [one, one, other, other].map((snapshot) => snapshot.participant());
    for (let i = 0; i < 3; i++) {
      expect(participants.map((participant) => participant.variant('exp'))).toEqual([
        'a',
        'b',
        'b',
        'a',
      ]);
    }
  });

  it('are those of the inner decision if a context value decides the same experiment', () => {
    const specs = [
      experiment({
        identity: 'random',
        audiences: [audience({ a: 50, b: 50 }, 'nested == "yes"'), audience({ a: 50, b: 50 })],
      }),
      'other:on',
    ];
    for (const askedBefore of [[], ['other']]) {
      const snapshot = parseExperiments(specs, { random: drawing(0, 99, 99, 99) });
      const seen: (string | undefined)[] = [];
      let asked = false;
      const participant = snapshot.participant({
        get nested() {
          if (!asked) {
            asked = true;
            seen.push(participant.variant('exp'));
          }
          return 'yes';
        },
      });
      for (const name of askedBefore) participant.variant(name);
      seen.push(participant.variant('exp'), participant.variant('exp'));
      seen.push(participant.variants().exp, participant.explain('exp').variant);
      expect(seen).toEqual(['a', 'a', 'a', 'a', 'a']);
    }
  });
});
