import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeChange } from '../../../src/cli/files/change-file.ts';
import { loadConfig } from '../../../src/cli/files/config-file.ts';
import { run } from '../../../src/cli/program.ts';
import { parseExperiments } from '../../../src/index.ts';
import { removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';
import { testHost } from '../test-host.ts';
import { shop, SPECIFICATION } from './fixture.ts';

afterAll(removeProjects);

/** Returns the variants of the first users with the plan pro. */
function variantsIn(specification: string): (string | undefined)[] {
  const snapshot = parseExperiments(JSON.parse(specification));
  return Array.from({ length: 2000 }, (_, id) =>
    snapshot.participant({ user: { id, plan: 'pro' } }).variant('checkout'),
  );
}

describe('evenhand rollout', () => {
  it('shows the change and writes nothing', async () => {
    const project = shop();
    const args = ['rollout', 'checkout', '--variant', 'long', '--to', '40'];
    const { code, stdout, stderr } = await runHere(args, { cwd: project.path });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
     "checkout, audience 1 (user.plan == "pro")
       inactive 50% → 35%
       long 25% → 40%
       15% of this audience move from inactive to long
       everyone else keeps their variant; no other change moves fewer people

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

     nothing written yet; add --write to change the file
     "
    `);
    expect(project.read('experiments.config.json')).toBe(SPECIFICATION);
  });

  it('writes the change and moves as few people as possible', async () => {
    const project = shop();
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '60', '--write', '--json'];
    const { code, stdout } = await runHere(args, { cwd: project.path });
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

  it('adds "buckets": 10000 for a percent with decimals, and says so', async () => {
    const project = shop();
    const args = ['rollout', 'checkout', '--variant', 'long', '--to', '25.25', '--write'];
    const { code, stdout } = await runHere(args, { cwd: project.path });
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
     "checkout, audience 1 (user.plan == "pro")
       inactive 50% → 49.75%
       long 25% → 25.25%
       0.25% of this audience move from inactive to long
       sets "buckets": 10000 for percents with two decimals, which moves no one
       everyone else keeps their variant; no other change moves fewer people

     --- experiments.config.json
     +++ experiments.config.json
     @@ -5,12 +5,13 @@
            "name": "checkout",
            "identity": "user.id",
     +      "buckets": 10000,
            "variants": [{ "name": "short" }, { "name": "inactive" }, { "name": "long" }],
            "audiences": [
              {
                "rule": "user.plan == \\"pro\\"",
                "allocations": [
                  { "variant": "short", "percent": 25 },
     -            { "variant": "inactive", "percent": 50 },
     -            { "variant": "long", "percent": 25 }
     +            { "variant": "inactive", "percent": 49.75 },
     +            { "variant": "long", "percent": 25.25 }
                ]
              },

     written
     "
    `);
    const [before, after] = [SPECIFICATION, project.read('experiments.config.json')].map(
      variantsIn,
    );
    const moves = new Set(
      before?.flatMap((variant, i) => (variant === after?.[i] ? [] : [`${variant} ${after?.[i]}`])),
    );
    expect(moves).toEqual(new Set(['inactive long']));
  });

  it('changes percents with decimals, and prints the buckets as JSON', async () => {
    const fine = SPECIFICATION.replace(
      '"name": "checkout",',
      '"name": "checkout", "buckets": 10000,',
    )
      .replace('"long", "percent": 25', '"long", "percent": 24.5')
      .replace('"short", "percent": 25', '"short", "percent": 25.5');
    const project = shop({ 'fine.json': fine });
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '25.75', '--json'];
    const { stdout } = await runHere([...args, '-f', 'fine.json'], { cwd: project.path });
    expect(JSON.parse(stdout)).toMatchObject({
      buckets: 10_000,
      after: [{ percent: 25.75 }, { percent: 49.75 }, { percent: 24.5 }],
      moves: [{ from: 'inactive', to: 'short', buckets: 25 }],
    });
  });

  it('warns if an audience starts to need the identity', async () => {
    const { path: cwd } = shop();
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '5', '--audience', '2'];
    const { stdout } = await runHere(args, { cwd });
    expect(stdout).toContain('this audience now needs the identity user.id');
  });

  it('reports that there is nothing to change', async () => {
    const project = shop();
    const path = join(project.path, 'experiments.config.json');
    const { mtimeMs } = statSync(path);
    const args = ['rollout', 'checkout', '--variant', 'long', '--to', '25', '--write'];
    const { code, stdout } = await runHere(args, { cwd: project.path });
    expect([code, stdout]).toEqual([0, 'checkout: long already has 25%\n']);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    [['checkout', '--variant', 'longer', '--to', '5'], 'has no variant "longer"'],
    [
      ['checkout', '--variant', 'long', '--to', '105'],
      '--to takes a percent from 0 to 100 with at most two decimals, not "105"',
    ],
    [['checkout', '--variant', 'long', '--to', '2.125'], 'two decimals, not "2.125"'],
    [['checkout', '--variant', 'long', '--to', '100.01'], 'two decimals, not "100.01"'],
    [['checkout', '--variant', 'long', '--to', '-1'], 'two decimals, not "-1"'],
    [
      ['checkout', '--variant', 'long', '--to', '90.5', '--from', 'short'],
      'long needs 65.5% more to reach 90.5%, but short only has 25%',
    ],
    [
      ['checkout', '--variant', 'long', '--to', '5', '--audience', '3'],
      '--audience "3" does not exist; "checkout" has 2 audiences',
    ],
    [
      ['checkout', '--variant', 'long', '--to', '50', '--from', 'long'],
      '--from names "long" itself',
    ],
    [
      ['checkout', '--variant', 'long', '--to', '90', '--from', 'short'],
      'long needs 65% more to reach 90%, but short only has 25%',
    ],
    [['free_shipping', '--variant', 'on', '--to', '50'], 'is a switch in shorthand'],
    [['checkout', '--to', '5'], "required option '--variant <name>' not specified"],
  ])('exits with 2 for %j', async (args, message) => {
    const project = shop();
    const host = testHost({ cwd: project.path });
    await run(['rollout', ...args, '--write'], host);
    expect(host.err()).toContain(message);
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe(SPECIFICATION);
  });

  it('writes nothing if someone else has changed the file since it was read', async () => {
    const project = shop();
    const config = await loadConfig(testHost({ cwd: project.path }));
    const theirs = SPECIFICATION.replace('free_shipping:on', 'free_shipping:off');
    writeFileSync(join(project.path, 'experiments.config.json'), theirs);
    expect(() => writeChange({ config, after: `${config.text}\n` })).toThrow(
      'was changed by someone else in the meantime, so nothing was written',
    );
    expect(project.read('experiments.config.json')).toBe(theirs);
  });

  it('refuses a file with a duplicate key', async () => {
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
    expect(host.err()).toContain('has a duplicate key');
    expect(project.read('twice.json')).toBe(twice);
  });
});
