import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const all = (variant: string) => [{ variant, percent: 100 }];

/** A specification in which `b` is for a rule. */
const specification = (rule: string, context?: object) =>
  JSON.stringify({
    ...(context && { context }),
    experiments: [
      {
        name: 'exp',
        identity: 'anonymous',
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [{ rule, allocations: all('b') }, { allocations: all('a') }],
      },
    ],
  });

const CONTEXT = {
  properties: {
    app: { type: ['string', 'null'], format: 'version' },
    signup: { type: 'string', format: 'date-time' },
  },
  required: ['app', 'signup'],
};

const RULE = "app is not None and app >= '1.10.0' and signup >= '2026-11-01' and signup < now";

/** Real contexts: the first alone is for `b`, as it is in the application. */
const LINES = [
  { app: '1.10.0', signup: '2026-11-05T00:30:00+01:00' },
  { app: '1.9.0', signup: '2026-11-05T10:00:00Z' },
  { app: null, signup: '2026-11-05T10:00:00Z' },
  { app: '1.11', signup: '2026-11-01T00:30:00+01:00' },
  { app: '1.11', signup: '2999-01-01' },
];

const project = () =>
  makeProject({
    'experiments.config.json': specification(RULE, CONTEXT),
    'next.json': specification(RULE.replace('1.10.0', '1.9.0'), CONTEXT),
    'plain.json': specification("app >= '1.10.0'"),
    'contexts.ndjson': LINES.map((line) => `${JSON.stringify(line)}\n`).join(''),
  }).path;

describe('the texts of versions and dates in a context from JSON', () => {
  it.each(LINES.map((line, i) => [line, i === 0 ? 'b' : 'a'] as const))(
    'decide like the application for explain: %j',
    async (line, variant) => {
      const args = ['explain', 'exp', '--context', JSON.stringify(line), '--json'];
      const { code, stdout } = await runHere(args, { cwd: project() });
      expect([code, (JSON.parse(stdout) as { variant: string }).variant]).toEqual([0, variant]);
    },
  );

  it('decide like the application for simulate', async () => {
    const args = ['simulate', '--contexts', 'contexts.ndjson', '--preview', '5', '--json'];
    const { code, stdout } = await runHere(args, { cwd: project() });
    const { preview } = JSON.parse(stdout) as { preview: { variants: { exp: string } }[] };
    expect([code, preview.map((row) => row.variants.exp)]).toEqual([0, ['b', 'a', 'a', 'a', 'a']]);
  });

  it('decide like the application for generated units', async () => {
    const context = JSON.stringify({ ...LINES[0], now: '2026-11-04' });
    const early = await runHere(['simulate', '--units', '100', '--context', context], {
      cwd: project(),
    });
    expect([early.code, early.stdout]).toEqual([0, expect.stringContaining('(100 units): a')]);
    const late = await runHere(['simulate', '--units', '100', '-c', JSON.stringify(LINES[0])], {
      cwd: project(),
    });
    expect([late.code, late.stdout]).toEqual([0, expect.stringContaining('(100 units): b')]);
  });

  it('decide like the application for diff', async () => {
    const args = ['diff', 'experiments.config.json', 'next.json', '--contexts', 'contexts.ndjson'];
    const { stdout } = await runHere([...args, '--allow'], { cwd: project() });
    // The one with 1.9.0 moves.
    expect(stdout).toContain('5 contexts: 20% move');
  });

  it('stay texts without a declaration', async () => {
    const args = ['explain', 'exp', '-f', 'plain.json', '--context', '{"app":"1.9.0"}', '--json'];
    const { stdout } = await runHere(args, { cwd: project() });
    // "9" comes after "1": that is the reason for a warning of validate.
    expect(JSON.parse(stdout)).toMatchObject({ variant: 'b' });
  });
});
