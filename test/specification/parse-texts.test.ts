import { type Problem, SpecError } from '../../src/errors/spec-error.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { textsSteps } from '../../src/specification/parse-texts.ts';
import { thrownBy } from '../assignment/build.ts';

const text = (origin: string, data: unknown) => ({
  origin,
  text: typeof data === 'string' ? data : JSON.stringify(data),
});

const problemsOf = (...texts: { origin: string; text: string }[]): readonly Problem[] => {
  const error = thrownBy(() => atOnce(textsSteps(texts, 'all')));
  return error instanceof SpecError ? error.problems : [];
};

const namespace = (name: string) => ({
  name,
  unit: 'user.id',
  segments: 10,
  experiments: [{ name: 'e', variants: [{ name: 'v', values: { p: 1 } }] }],
  history: [{ add: 'e', segments: 10 }],
});

describe('textsSteps', () => {
  it('returns one specification with the experiments, rules and namespaces of all texts', () => {
    const ruled = (name: string, rule: string) => ({
      name,
      identity: 'user.id',
      variants: [{ name: 'a' }],
      audiences: [
        { rule, allocations: [{ variant: 'a', percent: 100 }] },
        { allocations: [{ variant: 'a', percent: 100 }] },
      ],
    });
    const specification = atOnce(
      textsSteps(
        [
          text('a', [ruled('one', 'x == 1')]),
          text('b', { experiments: [ruled('two', 'y == 1')], namespaces: [namespace('n')] }),
          text('c', { experiments: [], namespaces: [namespace('m')] }),
        ],
        'all',
      ),
    );
    expect(specification.origin).toBe('all');
    expect(specification.experiments.map(({ name }) => name)).toEqual(['one', 'two']);
    expect([...specification.rulesOf('one').keys()]).toEqual(['x == 1']);
    expect([...specification.rulesOf('two').keys()]).toEqual(['y == 1']);
    expect(specification.namespaces.map(({ name }) => name)).toEqual(['n', 'm']);
    expect(Object.isFrozen(specification.experiments)).toBe(true);
  });

  it('reports the problems of each text with their places', () => {
    const problems = problemsOf(
      text('a.json', '["x:on",]'),
      text('b.json', '[\n{}]'),
      text('c.json', ['fine:on']),
    );
    expect(new Set(problems.map(({ origin }) => origin))).toEqual(new Set(['a.json', 'b.json']));
    const error = thrownBy(() =>
      atOnce(textsSteps([text('a.json', '['), text('b.json', '[{}]')], 'all')),
    );
    expect(error).toMatchObject({ code: 'json', origin: 'all' });
    expect(String(error)).toMatch(/^SpecError: all: \d problems\n {2}a\.json:1:2 /);
    expect(String(error)).toContain('  b.json:1:2 /0');
  });

  it('reports experiments and namespaces that are declared twice', () => {
    const spelt = { name: 'x', identity: 'random', variants: [{ name: 'a' }] };
    const audiences = [{ allocations: [{ variant: 'a', percent: 100 }] }];
    const first = text('a', { namespaces: [namespace('x')], experiments: ['x:on', 'y:on'] });
    const second = text('b', [{ ...spelt, audiences }]);
    const third = text('c', { experiments: [], namespaces: [namespace('x')] });
    expect(problemsOf(first, second, third).map(({ origin, path }) => [origin, path])).toEqual([
      ['b', '/0/name'],
      ['c', '/namespaces/0/name'],
    ]);
    // A namespace and an experiment may have the same name.
    expect(atOnce(textsSteps([first], 'all')).experiments).toHaveLength(2);
  });

  it('lists at most a hundred problems', () => {
    const all = text(
      'x',
      Array.from({ length: 90 }, (_, i) => `a${i}:on`),
    );
    expect(problemsOf(all, { ...all, origin: 'y' }, { ...all, origin: 'z' })).toHaveLength(100);
  });
});
