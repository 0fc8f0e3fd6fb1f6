import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/cli/program.ts';
import { parseExperiments } from '../../../src/index.ts';
import { removeProjects } from '../project.ts';
import { runCli } from '../run-cli.ts';
import { testHost } from '../test-host.ts';
import { shop, SPECIFICATION } from './fixture.ts';

jest.setTimeout(60_000);

afterAll(removeProjects);

/** The variant of each of so many users of the plan pro. */
function variantsIn(specification: string): (string | undefined)[] {
  const snapshot = parseExperiments(JSON.parse(specification));
  return Array.from({ length: 2000 }, (_, id) =>
    snapshot.participant({ user: { id, plan: 'pro' } }).variant('checkout'),
  );
}

describe('evenhand rollout', () => {
  it('shows the change, and writes nothing', async () => {
    const project = shop();
    const args = ['rollout', 'checkout', '--variant', 'long', '--to', '40'];
    const { code, stdout, stderr } = await runCli(args, { cwd: project.path });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
     "checkout, audience 1 (user.plan == "pro")
       inactive 50% → 35%
       long 25% → 40%
       15% of this audience move from inactive to long
       everybody else keeps their variant; no other change moves fewer

     --- experiments.config.json
     +++ experiments.config.json
     @@ -11,6 +11,6 @@
                "allocations": [
                  { "variant": "short", "percent": 25 },
     -            { "variant": "inactive", "percent": 50 },
     -            { "variant": "long", "percent": 25 }
     +            { "variant": "inactive", "percent": 35 },
     +            { "variant": "long", "percent": 40 }
                ]
              },

     nothing is written yet; --write does it
     "
    `);
    expect(project.read('experiments.config.json')).toBe(SPECIFICATION);
  });

  it('writes the change, and only those move who must', async () => {
    const project = shop();
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '60', '--write', '--json'];
    const { code, stdout } = await runCli(args, { cwd: project.path });
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
     "{
       "experiment": "checkout",
       "audience": 0,
       "before": [
         {
           "variant": "short",
           "percent": 25
         },
         {
           "variant": "inactive",
           "percent": 50
         },
         {
           "variant": "long",
           "percent": 25
         }
       ],
       "after": [
         {
           "variant": "short",
           "percent": 60
         },
         {
           "variant": "inactive",
           "percent": 15
         },
         {
           "variant": "long",
           "percent": 25
         }
       ],
       "moves": [
         {
           "from": "inactive",
           "to": "short",
           "buckets": 35
         }
       ],
       "written": true
     }
     "
    `);
    const text = project.read('experiments.config.json');
    expect(text.split('\n')).toHaveLength(SPECIFICATION.split('\n').length);
    const [before, after] = [variantsIn(SPECIFICATION), variantsIn(text)];
    const moves = new Set(
      before.flatMap((variant, i) => (variant === after[i] ? [] : [`${variant} ${after[i]}`])),
    );
    expect(moves).toEqual(new Set(['inactive short']));
  });

  it('warns where an audience comes to need the identity', async () => {
    const { path: cwd } = shop();
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '5', '--audience', '2'];
    const { stdout } = await runCli(args, { cwd });
    expect(stdout).toContain('from now on this audience needs the identity user.id');
  });

  it('says so where nothing is to do', async () => {
    const project = shop();
    const path = join(project.path, 'experiments.config.json');
    const { mtimeMs } = statSync(path);
    const args = ['rollout', 'checkout', '--variant', 'long', '--to', '25', '--write'];
    const { code, stdout } = await runCli(args, { cwd: project.path });
    expect([code, stdout]).toEqual([0, 'checkout: long has 25% already\n']);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    [['checkout', '--variant', 'longer', '--to', '5'], 'has no variant "longer"'],
    [
      ['checkout', '--variant', 'long', '--to', '105'],
      '--to takes a whole number from 0 to 100, not "105"',
    ],
    [['checkout', '--variant', 'long', '--to', '2.5'], 'not "2.5"'],
    [
      ['checkout', '--variant', 'long', '--to', '5', '--audience', '3'],
      '"checkout" has 2 audiences, and no "3"',
    ],
    [
      ['checkout', '--variant', 'long', '--to', '50', '--from', 'long'],
      '--from names "long" itself',
    ],
    [
      ['checkout', '--variant', 'long', '--to', '90', '--from', 'short'],
      'long needs 65% more for 90%, but short has 25%',
    ],
    [['free_shipping', '--variant', 'on', '--to', '50'], 'is the shorthand of a switch'],
    [['checkout', '--to', '5'], "required option '--variant <name>' not specified"],
  ])('can’t run with %j', async (args, message) => {
    const project = shop();
    const host = testHost({ cwd: project.path });
    await run(['rollout', ...args, '--write'], host);
    expect(host.err()).toContain(message);
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe(SPECIFICATION);
  });

  it('never writes over what somebody else has written meanwhile', async () => {
    const project = shop();
    const path = join(project.path, 'experiments.config.json');
    const host = testHost({ cwd: project.path });
    const theirs = SPECIFICATION.replace('free_shipping:on', 'free_shipping:off');
    // Between reading and writing, the command waits for nothing but its own reading.
    const running = run(
      ['rollout', 'checkout', '--variant', 'long', '--to', '40', '--write'],
      host,
    );
    writeFileSync(path, theirs);
    await running;
    expect(host.err()).toContain('was changed by somebody else meanwhile, so nothing was written');
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe(theirs);
  });

  it('refuses a file where a key stands twice', async () => {
    const twice = SPECIFICATION.replace(
      '"name": "checkout",',
      '"name": "checkout", "audiences": [{ "allocations": [{ "variant": "long", "percent": 100 }] }],',
    );
    const project = shop({ 'twice.json': twice });
    const host = testHost({ cwd: project.path });
    await run(
      ['rollout', 'checkout', '--variant', 'long', '--to', '40', '--write', '-f', 'twice.json'],
      host,
    );
    expect(host.err()).toContain('a key stands twice');
    expect(project.read('twice.json')).toBe(twice);
  });
});
