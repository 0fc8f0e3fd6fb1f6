import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** The time for each target, in seconds. */
const SECONDS = Number(process.env['EVENHAND_FUZZ_SECONDS'] ?? 20);

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs the fuzzer, which saves crashes in the folder `crashes`. */
function fuzz(crashes: string, args: readonly string[], env: object = {}): Promise<Ended> {
  const all = ['tools/fuzz/run.mjs', ...args, '--crashes', crashes];
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

let crashes: string;
beforeEach(() => {
  crashes = mkdtempSync(join(tmpdir(), 'evenhand-fuzz-'));
});
afterEach(() => rmSync(crashes, { recursive: true, force: true }));

describe('the fuzzer', () => {
  it('finds no crash in rules, specifications, cookies and PlanOut', async () => {
    const { code, output } = await fuzz(crashes, ['all', '--seconds', String(SECONDS)]);
    // Compared as one value, so that a failure shows the output with the input and the seed.
    expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });
    for (const target of ['rules', 'specification', 'cookies', 'planout']) {
      expect(output).toMatch(new RegExp(`^${target}: \\d+ inputs [^\\n]* 0 findings$`, 'm'));
    }
    expect(readdirSync(crashes)).toEqual([]);
  });

  it.each([
    ['an exception', 'exception', 'TypeError: a planted fault'],
    ['a hang', 'hang', 'hangs: no end after'],
    ['a changed prototype', 'prototype', 'a built-in object was changed: Object.prototype'],
    ['a result that differs each time', 'chance', 'not the same twice'],
    ['unlimited memory use', 'memory', 'heap out of memory'],
  ])('finds %s behind four branches and saves the input', async (_what, fault, message) => {
    const args = [
      'test/fuzz/planted/planted.mjs',
      '--seconds',
      '120',
      '--first',
      '--hang-ms',
      // Filling the memory takes long on a busy machine, and must not count as a hang.
      fault === 'hang' ? '10000' : '100000',
    ];
    const { code, output } = await fuzz(crashes, args, { PLANTED_FAULT: fault });
    expect(output).toContain(message);
    expect(code).toBe(1);
    const kept = readdirSync(crashes).map(
      (file) => JSON.parse(readFileSync(join(crashes, file), 'utf8')) as { input: string },
    );
    expect(kept.length).toBeGreaterThan(0);
    for (const { input } of kept) expect(input).toMatch(/^maze/);
  });

  it('prints its usage if the target is unknown', async () => {
    const { code, output } = await fuzz(crashes, ['nothing']);
    expect(code).toBe(2);
    expect(output).toContain(
      'usage: node tools/fuzz/run.mjs <rules|specification|cookies|planout|all|',
    );
  });
});
