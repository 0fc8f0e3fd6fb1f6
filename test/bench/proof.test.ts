import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Runs a module that can import the parts of the benchmarks. Returns its output. */
function run(source: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: join(root, 'bench'),
    env: { ...process.env, EVENHAND_BENCH_BUILD: root },
    encoding: 'utf8',
  });
}

const PROVE = `
  import { prove } from './work/proof.mjs';
  import { createExperiments, EXPERIMENT } from './work/experiments.mjs';
  import { createUsers, matches } from './work/users.mjs';
  const users = createUsers(10_000);
`;

/** Returns the message that refuses a contestant, or `proved`. */
function verdictOn(decide: string): string {
  return run(`${PROVE}
    const decide = ${decide};
    try {
      await prove('contestant', decide, users);
      console.log('proved');
    } catch (error) {
      console.log(error.message);
    }
  `).trim();
}

const ROUGHLY_RIGHT = `(user) => {
  if (!matches(user)) return 'inactive';
  const bucket = Number(user.id.slice(5)) % 10;
  return bucket === 0 ? 'active' : bucket === 1 ? 'control' : 'inactive';
}`;

describe('prove', () => {
  it.each(['evenhand', 'by-hand-fnv1a', 'by-hand-sha1'])('accepts %s', (contestant) => {
    const verdict = run(`${PROVE}
      const { configuration, start } = await import('./contestants/${contestant}.mjs');
      const decide = await start(configuration(createExperiments(3)));
      for (const name of [EXPERIMENT, 'experiment_3']) {
        await prove('${contestant}', (user) => decide(user, name), users);
      }
      console.log('proved');
    `);
    expect(verdict).toBe('proved\n');
  });

  it('accepts a contestant with the right shares', () => {
    expect(verdictOn(ROUGHLY_RIGHT)).toBe('proved');
  });

  it('awaits promises', () => {
    expect(verdictOn(`async (user) => (${ROUGHLY_RIGHT})(user)`)).toBe('proved');
  });

  it('refuses a contestant that gives everyone the same variant', () => {
    expect(verdictOn(`() => 'inactive'`)).toMatch(/a share of 0\.000 active, not 0\.1$/);
  });

  it('refuses a contestant that ignores the rule', () => {
    expect(verdictOn(`(user) => (${ROUGHLY_RIGHT})({ ...user, plan: 'pro' })`)).toMatch(
      /does not match the rule, but is/,
    );
  });

  it('refuses a contestant with wrong shares', () => {
    const decide = `(user) => (matches(user) && user.id.endsWith('0') ? 'control' : 'inactive')`;
    expect(verdictOn(decide)).toMatch(/active, not 0\.1$/);
  });

  it('refuses a contestant with another answer', () => {
    expect(verdictOn('() => undefined')).toBe('contestant answers undefined');
  });
});
