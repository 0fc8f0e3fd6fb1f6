import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { experiment } from './build.ts';

describe('createPolicy', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('warns on the console by default', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    parseExperiments([]).participant().variant('nope');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('unknown experiment "nope"'));
  });

  it('reports errors on the console by default', () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    parseExperiments([experiment()], { onError: 'fallback' }).participant().variant('exp');
    expect(error).toHaveBeenCalledWith(expect.stringContaining('experiment "exp"'));
  });

  it('is silent if the logger is false', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const error = jest.spyOn(console, 'error').mockReturnValue();
    const options = { logger: false, onError: 'fallback' } as const;
    const participant = parseExperiments([experiment()], options).participant();
    participant.variant('nope');
    participant.variant('exp');
    expect(warn).not.toHaveBeenCalled();
    expect(error).not.toHaveBeenCalled();
  });

  it('draws with Math.random by default', () => {
    const draw = jest.spyOn(Math, 'random').mockReturnValue(0.734);
    const snapshot = parseExperiments([experiment({ identity: 'random' })]);
    expect(snapshot.participant().explain('exp').bucket).toBe(73);
    expect(draw).toHaveBeenCalledTimes(1);
  });

  it.each(['ignore', 'Fallback', '', null, true])(
    'refuses the word %p for onError with an OptionError',
    (onError) => {
      expect(() => Reflect.apply(parseExperiments, undefined, [[], { onError }])).toThrow(
        expect.objectContaining({
          code: 'option',
          message: expect.stringContaining('"onError" must be "throw" or "fallback", not '),
        }),
      );
    },
  );
});
