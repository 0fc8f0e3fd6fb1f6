import { run } from '../../../src/cli/program.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SPECIFICATION = {
  metrics: [
    { name: 'buyers', outcome: 'purchase', type: 'proportion' },
    { name: 'visits', outcome: 'visit', type: 'count' },
  ],
  experiments: [
    experiment({ name: 'checkout', audiences: [audience({ control: 50, short: 50 })] }),
    experiment({ name: 'other' }),
  ],
};

const SMALL = ['--runs', '2', '--units', '400', '--looks', '1'];

async function simulate(
  args: readonly string[],
  before?: (host: ReturnType<typeof testHost>) => void,
) {
  const project = makeProject({ 'experiments.config.json': JSON.stringify(SPECIFICATION) });
  const host = testHost({ cwd: project.path });
  before?.(host);
  await run(['simulate', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

describe('evenhand simulate --effect', () => {
  it('prints how often the analysis finds the effect', async () => {
    const { out, err, code } = await simulate([
      'checkout',
      '--effect',
      'buyers=+90%',
      '--effect',
      'visits=0%',
      '--rate',
      '30%',
      ...SMALL,
    ]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^checkout: 2 simulated experiments of 400 units, looked at once\n/);
    expect(out).toMatch(/^buyers, short against control: planted \+90\.0%, estimated \+/m);
    expect(out).toMatch(/^ +found +wrong +interval right +width$/m);
    expect(out).toMatch(/^visits, short against control: planted \+0\.0%/m);
    expect(out).toMatch(/^ +false alarms +interval right +width$/m);
    expect(out).toMatch(/^ {2}Evenhand, planned end +\d/m);
  });

  it('prints the same figures as JSON', async () => {
    const { out } = await simulate(['checkout', '--effect', 'buyers=-20%', '--json', ...SMALL]);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      experiment: 'checkout',
      runs: 2,
      partial: false,
      units: 400,
      looks: 1,
      seed: 1,
      comparisons: [{ metric: 'buyers', variant: 'short', planted: -0.2 }],
    });
  });

  it.each([
    [
      ['checkout', '--effect', 'buyers'],
      '--effect takes a metric and a change above -100%, such as buyers=+5% or buyers=0%, not "buyers"',
    ],
    [
      ['checkout', '--effect', 'buyers=-100%'],
      '--effect takes a metric and a change above -100%, such as buyers=+5% or buyers=0%, not "buyers=-100%"',
    ],
    [
      ['--effect', 'buyers=5%'],
      '--effect simulates one experiment; name it: simulate checkout --effect …',
    ],
    [
      ['checkout', 'other', '--effect', 'buyers=5%'],
      '--effect simulates one experiment; name it: simulate checkout --effect …',
    ],
    [
      ['checkout', '--effect', 'buyers=5%', '--contexts', 'x.ndjson'],
      "--contexts can't be combined with --effect; leave it out",
    ],
    [
      ['checkout', '--effect', 'buyers=5%', '--rate', '0'],
      '--rate takes the share of units with outcomes, such as 0.1 or 10%, not "0"',
    ],
    [
      ['checkout', '--effect', 'buyers=5%', '--looks', '61'],
      '--looks takes a whole number from 1 to 60, not "61"',
    ],
    [
      ['checkout', '--runs', '5'],
      '--runs needs --effect; add --effect with a metric, such as --effect buyers=+5%',
    ],
  ])('explains what is wrong with %j', async (args, message) => {
    const { err, code } = await simulate(args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it('prints the finished experiments after Ctrl-C', async () => {
    const { out, code } = await simulate(
      ['checkout', '--effect', 'buyers=5%', '--json', ...SMALL],
      (host) => host.interrupt(),
    );
    expect(JSON.parse(out)).toMatchObject({ runs: 0, partial: true });
    expect(code).toBe(130);
  });
});
