import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';
import { testHost } from '../../cli/test-host.ts';

afterAll(removeProjects);

const CONTEXT = { properties: { country: { type: 'string' } } };

/** Returns the warnings of a file with one namespace. */
async function warned(namespace: object, context: object | null = CONTEXT): Promise<unknown> {
  const specification = {
    ...(context && { context }),
    experiments: [],
    namespaces: [{ name: 'checkout', unit: 'user.id', ...namespace }],
  };
  const { path } = makeProject({ 'experiments.config.json': JSON.stringify(specification) });
  const host = testHost({ cwd: path });
  await run(['validate', '--json'], host);
  const { files } = JSON.parse(host.out()) as { files: { warnings: unknown }[] };
  return files[0]?.warnings;
}

const scripted = (script: string) => ({ experiments: [{ name: 'words', script }] });

describe('evenhand validate with the inputs of namespaces', () => {
  it('warns of a name that a script reads and the declared context does not have', async () => {
    expect(await warned(scripted("x = county ?? 'US';"))).toMatchObject([
      {
        code: 'input-undeclared',
        path: '/namespaces/0/experiments/0/script',
        message:
          'the script reads "county", which is not in the declared context, so it is null: the context has no county; did you mean country?; declare it in "context", or map it to a context path in "inputs"',
      },
    ]);
  });

  it('warns of an input whose path the declared context does not have', async () => {
    const inputs = { land: 'country.code' };
    expect(await warned({ inputs, ...scripted('x = land;') })).toMatchObject([
      {
        code: 'input-undeclared',
        path: '/namespaces/0/inputs/land',
        message:
          'the input "country.code" is not in the declared context, so it is null: country has no code',
      },
    ]);
  });

  it.each([
    ['reads a declared name', { ...scripted('x = country; y = user; z = anonymous;') }],
    ['maps a name to a declared path', { inputs: { a: 'country' }, ...scripted('x = a;') }],
    ['sets the name itself in one branch', { ...scripted('if (country) { a = 1; } x = a;') }],
  ])('does not warn if a script %s', async (_what, namespace) => {
    expect(await warned(namespace)).toEqual([]);
  });

  it('does not warn without a declared context', async () => {
    expect(await warned(scripted('x = county;'), null)).toEqual([]);
  });
});
