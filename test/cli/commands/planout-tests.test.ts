import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SCRIPT = 'x = 3 * userid;\nif (userid == 9) { return false; }\n';

const good = { id: 'good', inputs: { userid: 4 }, assertions: { x: 12 } };
const bad = { id: 'bad', inputs: { userid: 2 }, assertions: { x: 7 }, inExperiment: false };

/** Runs `evenhand planout test`. */
async function planoutTest(args: readonly string[], files: Readonly<Record<string, string>>) {
  const host = testHost({ cwd: makeProject(files).path });
  await run(['planout', 'test', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

describe('evenhand planout test', () => {
  it('finds the tests beside the script, and exits with 0 if all pass', async () => {
    const files = { 'a.b.planout': SCRIPT, 'a.b.tests.json': JSON.stringify([good]) };
    const { out, code } = await planoutTest(['a.b.planout'], files);
    expect([out, code]).toEqual(['1 of 1 test passed\n', 0]);
  });

  it('shows each assertion that does not hold, with its place, and exits with 1', async () => {
    const lost = { inputs: { userid: 2 }, assertions: { y: 1 } };
    const broken = { id: 'broken', inputs: { userid: 'a' } };
    const tests = JSON.stringify({ tests: [good, bad, lost, broken] }, undefined, 1);
    const files = { 'a.planout': SCRIPT, 'tests.json': tests };
    const { out, err, code } = await planoutTest(['a.planout', 'tests.json'], files);
    expect([err, code]).toEqual(['', 1]);
    const text = out.replaceAll(/ *\n */g, '\n');
    expect(text).toContain('tests.json:18:10 error /tests/1/assertions/x\n18 |     "x": 7\n');
    expect(text).toContain('\ntest "bad": x is 6; expected 7\n');
    expect(text).toContain('error /tests/1/inExperiment\n');
    expect(text).toContain('test "bad": inExperiment is true; expected false\n');
    expect(text).toContain('test "3": the script does not set "y"; expected 1; it sets: x\n');
    expect(text).toMatch(/error \/tests\/3\n[^]*test "broken": the script failed: 1:1 product: /);
    expect(text).toMatch(/\n1 of 4 tests passed\n$/);
  });

  it('prints JSON', async () => {
    const files = { 'a.planout': SCRIPT, 't.json': JSON.stringify([good, bad]) };
    const { out, code } = await planoutTest(['a.planout', 't.json', '--json'], files);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      passed: 1,
      failed: 1,
      tests: [
        { id: 'good', passed: true, inExperiment: true, params: { x: 12 }, failures: [] },
        {
          id: 'bad',
          passed: false,
          inExperiment: true,
          params: { x: 6 },
          failures: [
            {
              param: 'x',
              expected: 7,
              got: 6,
              path: '/1/assertions/x',
              line: 1,
              column: expect.any(Number),
              message: 'test "bad": x is 6; expected 7',
            },
            {
              expected: false,
              got: true,
              path: '/1/inExperiment',
              line: 1,
              column: expect.any(Number),
              message: 'test "bad": inExperiment is true; expected false',
            },
          ],
        },
      ],
    });
  });

  it('takes one file with script and tests, as the online editor of PlanOut saves it', async () => {
    const all = { script: SCRIPT, json: {}, tests: [{ ...good, type: 'TEST' }] };
    const { out } = await planoutTest(['all.json'], { 'all.json': JSON.stringify(all) });
    expect(out).toBe('1 of 1 test passed\n');
    const json = { op: 'set', var: 'x', value: 12 };
    const compiled = JSON.stringify({ json, tests: [good] });
    expect((await planoutTest(['all.json'], { 'all.json': compiled })).code).toBe(0);
  });

  it('draws with --salt, otherwise with the salt of the file, otherwise with demo_salt', async () => {
    const script = 'x = randomInteger(min=0, max=1000000, unit=userid);';
    const drawn = async (salt: string | undefined, args: readonly string[]) => {
      const tests = { salt, script, tests: [{ inputs: { userid: 4 } }] };
      const files = { 'all.json': JSON.stringify(tests) };
      const { out } = await planoutTest(['all.json', '--json', ...args], files);
      return (JSON.parse(out) as { tests: [{ params: { x: number } }] }).tests[0].params.x;
    };
    const [plain, demo, file, both] = [
      await drawn(undefined, []),
      await drawn('demo_salt', []),
      await drawn('shop', []),
      await drawn('other', ['--salt', 'shop']),
    ];
    expect(plain).toBe(demo);
    expect(file).not.toBe(plain);
    expect(both).toBe(file);
  });

  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['a missing file of tests', ['a.planout'], { 'a.planout': SCRIPT }, 'a.tests.json'],
    ['no tests', ['a.planout', 't.json'], { 'a.planout': SCRIPT, 't.json': '[]' }, 'has no tests'],
    [
      'tests of another shape',
      ['a.planout', 't.json'],
      { 'a.planout': SCRIPT, 't.json': '{"test":[]}' },
      't.json must be a list of tests, or an object with the list "tests"',
    ],
    [
      'an unknown property',
      ['a.planout', 't.json'],
      { 'a.planout': SCRIPT, 't.json': '[{"input":{}}]' },
      't.json: test 1 has the unknown property "input"; did you mean "inputs"?',
    ],
    [
      'an invalid script',
      ['all.json'],
      { 'all.json': JSON.stringify({ script: 'x = ;', tests: [good] }) },
      'all.json /script:1:5',
    ],
    [
      'tests without a script',
      ['all.json'],
      { 'all.json': JSON.stringify({ tests: [good] }) },
      'all.json has tests, but neither "script" nor "json"',
    ],
    [
      'standard input without tests',
      ['-'],
      {},
      '- reads only a script; pass the file with the tests after -',
    ],
    [
      'JSON with a mistake',
      ['a.planout', 't.json'],
      { 'a.planout': SCRIPT, 't.json': '[{]' },
      't.json:1:3',
    ],
  ])('exits with 2 for %s', async (_, args, files, message) => {
    const { err, code } = await planoutTest(args, files);
    expect(code).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
