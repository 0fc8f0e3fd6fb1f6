import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { SpecError } from '../../src/errors/spec-error.ts';

/** Returns the messages of the problems of an invalid specification. */
function problemsOf(
  config: unknown,
): readonly { readonly path: string; readonly message: string }[] {
  try {
    parseExperiments(config);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  throw new Error('the specification is accepted');
}

const namespace = (i: number, rest: object) => ({ name: `n${i}`, unit: 'user.id', ...rest });

describe('parseExperiments', () => {
  it('reports one problem for a declared name that is too long, and none inside it', () => {
    const wrong = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`a${i}`, 1]));
    const properties = { ['k'.repeat(100_000)]: { properties: wrong } };
    const problems = problemsOf({ experiments: [], context: { properties } });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('2000 characters');
  });

  it('reports one problem for names that are too long together', () => {
    let context: object = { properties: { a: 1, b: 1, c: 1 } };
    for (let i = 0; i < 20; i++) context = { properties: { ['k'.repeat(150)]: context } };
    expect(problemsOf({ experiments: [], context })).toHaveLength(1);
  });

  it('shortens long paths in messages, and has the whole paths as properties', () => {
    const key = 'k'.repeat(50_000);
    expect(() => parseExperiments({ experiments: [], [key]: 1 })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^.{0,1000}$/s),
        problems: [expect.objectContaining({ path: `/${key}` })],
      }),
    );
  });

  it('refuses namespaces with too many segments in total for the memory', () => {
    const namespaces = Array.from({ length: 200 }, (_, i) => namespace(i, { segments: 1_000_000 }));
    const problems = problemsOf({ experiments: [], namespaces });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe('/namespaces/10/segments');
    expect(problems[0]?.message).toContain('10000000');
  });

  it('refuses histories that need too many hashes in total', () => {
    const experiments = [{ name: 'e', variants: [{ name: 'a', values: {} }] }];
    const turns = [{ add: 'e', segments: 0 }, { remove: 'e' }];
    const history = Array.from({ length: 30 }, (_, i) => turns[i % 2]);
    const namespaces = Array.from({ length: 3 }, (_, i) =>
      namespace(i, { segments: 500_000, experiments, history }),
    );
    const problems = problemsOf({ experiments: [], namespaces });
    expect(problems.map(({ path }) => path)).toEqual(['/namespaces/2/history']);
  });

  describe('if nothing matches the declarations, which once took minutes', () => {
    /** Returns words of a length that resemble no other. */
    const words = (count: number, letters: number, from = 0) =>
      Array.from({ length: count }, (_, i) => {
        let state = i + from + 1;
        const letter = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return String.fromCharCode(97 + ((state >>> 16) % 26));
        };
        return Array.from({ length: letters }, letter).join('');
      });
    const declared = (letters: number) =>
      Object.fromEntries(words(1000, letters).map((name) => [name, { type: 'string' }]));
    const experiment = (name: string, more: object) => ({
      name,
      identity: 'anonymous',
      variants: [{ name: 'a' }],
      audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
      ...more,
    });

    it('reports the first hundred of 3,000 names that are required and not declared', () => {
      const context = { properties: declared(60), required: words(3000, 60, 5000) };
      expect(problemsOf({ experiments: [], context })).toHaveLength(101);
    });

    it('reports the first hundred of 3,000 identities that are not declared', () => {
      const experiments = words(3000, 60, 5000).map((name, i) =>
        experiment(`e${i}`, { identity: `user.${name}` }),
      );
      const context = { properties: { user: { properties: declared(60) } } };
      expect(problemsOf({ experiments, context })).toHaveLength(101);
    });

    it('reports ten of a rule’s faults, and the number of others', () => {
      const last = { allocations: [{ variant: 'a', percent: 100 }] };
      const experiments = Array.from({ length: 10 }, (_, i) => {
        const rule = `${words(800, 7, i * 800 + 5000).join(' or ')} or 1 == 1`;
        return experiment(`e${i}`, { audiences: [{ rule, ...last }, last] });
      });
      const problems = problemsOf({ experiments, context: { properties: declared(7) } });
      expect(problems).toHaveLength(10);
      for (const { message } of problems) {
        expect(message).toMatch(/^and \d{3} more problems in this rule$/m);
        expect(message.length).toBeLessThan(5000);
      }
    });

    it('reports comparisons with values that are not among the 1,500 declared', () => {
      const last = { allocations: [{ variant: 'a', percent: 100 }] };
      const experiments = Array.from({ length: 3 }, (_, i) => {
        const rule = words(400, 12, i * 400 + 5000)
          .map((word) => `x == "${word}"`)
          .join(' or ');
        return experiment(`e${i}`, { audiences: [{ rule, ...last }, last] });
      });
      const context = { properties: { x: { enum: words(1500, 12) } }, required: ['x'] };
      const problems = problemsOf({ experiments, context });
      expect(problems).toHaveLength(3);
      expect(problems[0]?.message).toContain('and 390 more problems in this rule');
    });
  });
});
