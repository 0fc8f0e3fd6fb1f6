import { run } from '../../src/cli/program.ts';
import { makeProject, removeProjects } from './project.ts';
import { testHost } from './test-host.ts';

afterAll(removeProjects);

const all = (variant: string) => [{ variant, percent: 100 }];

const FILES = {
  'experiments.config.json': JSON.stringify({
    context: {
      properties: {
        groups: { type: 'array', items: { type: 'string' } },
        user: { properties: { plan: { type: 'string' }, age: { type: 'integer' } } },
      },
    },
    experiments: [
      {
        name: 'x',
        identity: 'user.id',
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [
          { rule: "groups is None and user.plan.lower == 'pro'", allocations: all('a') },
          { rule: 'user.age != 20', allocations: all('b') },
          { allocations: all('a') },
        ],
      },
    ],
  }),
  'contexts.ndjson': [
    { user: { id: 1, plan: 'PRO' } },
    { groups: ['x'], user: { id: 2, age: 20 } },
    { groups: [], user: { id: 3 } },
  ]
    .map((one) => JSON.stringify(one))
    .join('\n'),
};

async function command(...args: readonly string[]) {
  const project = makeProject(FILES);
  const host = testHost({ cwd: project.path, stdin: '' });
  await run(args, host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

describe('the command line, with absent optional values', () => {
  it('warns only where None fails, and says how to check for it', async () => {
    const { out, code } = await command('validate');
    expect(out).toContain(
      'this may fail: None has no attribute "lower"; write user.plan is not None and …',
    );
    expect(out).toContain('1 experiment, 1 warning');
    expect(code).toBe(0);
  });

  it('explains a decision with the value null', async () => {
    const context = '{"groups":["x"],"user":{"id":7,"is_authenticated":true}}';
    const { out } = await command('explain', 'x', '--context', context);
    expect(out).toContain('x: b');
    expect(out).toContain('user.age != 20  (user.age is null)');
  });

  it('simulates contexts in which they are absent', async () => {
    const { out, err } = await command('simulate', '--contexts', 'contexts.ndjson', '--json');
    expect(err).not.toContain('has no attribute');
    const { experiments } = JSON.parse(out) as {
      experiments: { audiences: { units: number }[] }[];
    };
    expect(experiments[0]?.audiences.map(({ units }) => units)).toEqual([1, 1, 1]);
  });
});
