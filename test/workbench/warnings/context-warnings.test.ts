import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';
import { testHost } from '../../cli/test-host.ts';

afterAll(removeProjects);

async function validate(rule: string) {
  const variants = [{ name: 'on' }, { name: 'off' }];
  const specification = {
    context: { properties: { age: { type: ['integer', 'null'] } }, required: ['age'] },
    experiments: [
      {
        name: 'chat',
        identity: 'user.id',
        variants,
        audiences: [
          { rule, allocations: [{ variant: 'on', percent: 100 }] },
          { allocations: [{ variant: 'off', percent: 100 }] },
        ],
      },
    ],
  };
  const { path } = makeProject({
    'experiments.config.json': JSON.stringify(specification, undefined, 2),
  });
  const host = testHost({ cwd: path });
  await run(['validate', '--strict'], host);
  return { code: host.exitCode(), out: host.out() };
}

describe('evenhand validate with a declared context', () => {
  it('warns about a rule that may fail', async () => {
    const { code, out } = await validate('age > 17');
    expect(code).toBe(1);
    expect(out).toContain(
      '[rule-doubtful] /experiments/0/audiences/0/rule\n  29 |           "rule": "age > 17",\n',
    );
    expect(out).toContain(
      'this may fail: ">" can\'t compare None with a number; write age is not None and …\n    age > 17\n    ^^^^^^^^\n',
    );
  });

  it('rejects a rule that must fail', async () => {
    const { code, out } = await validate('agee > 17');
    expect(code).toBe(1);
    expect(out).toContain('the context has no "agee"; did you mean "age"?');
  });

  it('accepts a rule that tests for None first', async () => {
    expect((await validate('age is not None and age > 17')).code).toBe(0);
  });
});
