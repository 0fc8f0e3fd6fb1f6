import { run } from '../../../src/cli/program.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SPECIFICATION = {
  metrics: [{ name: 'spent', outcome: 'purchase', type: 'sum', value: 'value' }],
  experiments: [
    experiment({ name: 'checkout', audiences: [audience({ control: 50, short: 50 })] }),
  ],
};

// Enough units for several threads, if there were any.
const LARGE = ['--runs', '6', '--units', '8000', '--looks', '14'];

/** Returns the figures of a simulation that runs on a day, with all their digits. */
async function figuresOn(day: string): Promise<string> {
  const project = makeProject({ 'experiments.config.json': JSON.stringify(SPECIFICATION) });
  const host = testHost({ cwd: project.path, now: () => new Date(day) });
  await run(['simulate', 'checkout', '--effect', 'spent=+20%', '--json', ...LARGE], host);
  expect(host.err()).toBe('');
  return host.out();
}

describe('evenhand simulate --effect', () => {
  it('prints the same figures at each call, on each day, to the last digit', async () => {
    const first = await figuresOn('2026-11-30T23:59:59Z');
    expect(JSON.parse(first)).toMatchObject({ runs: 6, partial: false });
    for (const day of ['2026-11-30T00:00:00Z', '2026-12-01T02:30:00Z', '2028-02-29T12:00:00Z']) {
      expect(await figuresOn(day)).toBe(first);
    }
  });
});
