import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { SpecError } from '../../src/errors/spec-error.ts';
import { audience, experiment, thrownBy } from './build.ts';

describe('parseExperiments', () => {
  it('accepts a list of experiments, or an object that contains one', () => {
    const context = { user: { id: 7 } };
    const list = parseExperiments([experiment()]);
    const wrapped = parseExperiments({ experiments: [experiment()] });
    expect(wrapped.participant(context).variants()).toEqual(list.participant(context).variants());
  });

  it('accepts the shorthand of a switch', () => {
    const participant = parseExperiments(['search:on', 'banner:off']).participant();
    expect(participant.variants()).toEqual({ search: 'on', banner: 'off' });
  });

  it('accepts an empty list', () => {
    expect(parseExperiments([]).participant().variants()).toEqual({});
  });

  it('accepts null as the rule of the fallback audience', () => {
    const spec = { ...experiment(), audiences: [{ ...audience({ a: 100, b: 0 }), rule: null }] };
    expect(parseExperiments([spec]).participant().variant('exp')).toBe('a');
  });

  it('throws one SpecError with every problem', () => {
    const config = [
      experiment({ audiences: [audience({ a: 50, b: 40 })] }),
      experiment({ name: 'rule', audiences: [audience({ a: 100 }, 'a ='), audience({ a: 100 })] }),
    ];
    const error = thrownBy(() => parseExperiments(config));
    expect(error).toBeInstanceOf(SpecError);
    expect(error).toMatchObject({
      code: 'spec',
      origin: 'config',
      problems: [
        {
          path: '/0/audiences/0/allocations',
          message: 'allocations of audience 1 sum to 90, not 100; raise one of them by 10',
        },
        { path: '/1/audiences/0/rule' },
      ],
    });
  });

  it.each([undefined, null, 'experiments.config.json', 7, {}])('refuses %p', (config) => {
    expect(() => parseExperiments(config)).toThrow(expect.objectContaining({ code: 'spec' }));
  });
});
