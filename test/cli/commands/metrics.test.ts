import { removeProjects, makeProject } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const SPECIFICATION = `{
  "experiments": [
    {
      "name": "checkout",
      "identity": "user.id",
      "variants": [{ "name": "control" }, { "name": "short" }],
      "audiences": [
        {
          "allocations": [
            { "variant": "control", "percent": 50 },
            { "variant": "short", "percent": 50 }
          ]
        }
      ],
      "analysis": { "primary": ["revenue"] }
    }
  ],
  "metrics": [
    { "name": "revenue", "type": "sum", "outcome": "purchase", "value": "value" }
  ]
}
`;

const changed = SPECIFICATION.replace('"value": "value"', '"value": "total", "window": null');

describe('metrics in a specification', () => {
  it('are in the output of diff, and move no one', async () => {
    const project = makeProject({ 'old.json': SPECIFICATION, 'new.json': changed });
    const diff = (...more: string[]) =>
      runHere(['diff', 'old.json', 'new.json', ...more], { cwd: project.path });
    const line =
      'metric revenue changed: outcome value of purchase → total of purchase; window 7d → until the end';
    expect(await diff()).toMatchObject({
      code: 0,
      stdout: `${line}\n\n1 experiment unchanged\n`,
    });
    const { stdout } = await diff('--markdown');
    expect(stdout).toContain(`${line}\n`);
    const json: unknown = JSON.parse((await diff('--json')).stdout);
    expect(json).toMatchObject({ harmful: false, analyses: [line] });
  });

  it('stay when a rollout or a switch changes the file', async () => {
    const project = makeProject({ 'experiments.config.json': SPECIFICATION });
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '60', '--write'];
    expect((await runHere(args, { cwd: project.path })).code).toBe(0);
    expect(project.read('experiments.config.json')).toBe(
      SPECIFICATION.replace('"percent": 50 },', '"percent": 40 },').replace(
        '"short", "percent": 50',
        '"short", "percent": 60',
      ),
    );
  });

  it('are checked by validate, with the place of each problem', async () => {
    const wrong = SPECIFICATION.replace('"value": "value"', '"value": "value", "where": "paid"');
    const project = makeProject({ 'experiments.config.json': wrong });
    const { code, stdout, stderr } = await runHere(['validate'], { cwd: project.path });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('experiments.config.json:19:');
    expect(stdout + stderr).toContain('paid is not compared with anything; write paid == True');
  });

  it('do not show in explain', async () => {
    const project = makeProject({ 'experiments.config.json': SPECIFICATION });
    const args = ['explain', 'checkout', '-c', '{"user":{"id":7}}'];
    const { stdout } = await runHere(args, { cwd: project.path });
    expect(stdout).toContain('checkout: ');
    expect(stdout).not.toContain('revenue');
  });
});
