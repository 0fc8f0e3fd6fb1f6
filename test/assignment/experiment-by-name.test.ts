import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment, recordingLogger } from './build.ts';

/** Names that mean something to JavaScript's objects, or look like the index of a list. */
const AWKWARD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '42', '4294967295'];

function named(name: string) {
  return experiment({ name, audiences: [audience({ a: 100 })] });
}

describe('the experiments of a snapshot by name', () => {
  it('finds experiments of awkward names, and no others', () => {
    const snapshot = parseExperiments(AWKWARD.map(named));
    const participant = snapshot.participant();
    for (const name of AWKWARD) expect(participant.variant(name)).toBe('a');
    for (const name of AWKWARD) {
      const without = parseExperiments(AWKWARD.filter((other) => other !== name).map(named), {
        logger: false,
      });
      expect(without.has(name)).toBe(false);
      expect(without.participant().variant(name)).toBeUndefined();
    }
  });

  it('keeps the order of the specification for any names', () => {
    const names = ['b', '7', 'a', '__proto__', '3'];
    const variants = parseExperiments(names.map(named)).participant().variants();
    expect(parseExperiments(names.map(named)).experiments.map(({ name }) => name)).toEqual(names);
    expect(Object.keys(variants).sort()).toEqual([...names].sort());
  });

  it('finds nothing for a name that is not a string', () => {
    const logger = recordingLogger();
    const participant = parseExperiments([named('exp')], { logger }).participant();
    // Values of queries such as `?name[]=exp` and `?name[x]=1`, and values without a text.
    const given = [['exp'], { toString: () => 'exp' }, Object.create(null), Symbol('exp'), null, 1];
    for (const name of given) {
      expect(participant.variant(name as string)).toBeUndefined();
      expect(participant.isVariant(name as string, 'a')).toBe(false);
    }
    const shown = logger.warnings.map((text) => /unknown experiment ([^:]*):/.exec(text)?.[1]);
    expect(shown).toEqual(['a list', 'an object', 'a symbol', 'null', '1']);
  });

  it('finds an experiment by a name that is concatenated at run time', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `experiment_${i}`);
    const participant = parseExperiments(names.map(named)).participant();
    for (let i = 0; i < names.length; i++) {
      expect(participant.variant(['experiment', i].join('_'))).toBe('a');
    }
  });
});
