import { removeProjects } from '../project.ts';
import { runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { shop, SPECIFICATION } from './fixture.ts';

afterAll(removeProjects);

const WRONG = `[
  { "name": "a b", "variants": [], "seed": 1 },
  "switch:maybe"
]`;

const ODD = `["a:on", { "name": "b", "identity": "user.id", "seed": "x", "seed": "y", "expires": "2025-12-31",
  "variants": [{ "name": "v" }], "audiences": [{ "allocations": [{ "variant": "v", "percent": 100 }] }] }]`;

/** The specification with rules that also work for visitors who are not logged in. */
const GUARDED = {
  'experiments.config.json': SPECIFICATION.replaceAll(
    'user.plan ==',
    'user.is_authenticated and user.plan ==',
  ),
};

describe('evenhand validate', () => {
  it('accepts a valid file', async () => {
    const { path: cwd } = shop(GUARDED);
    expect(await runHere(['validate', '--strict'], { cwd })).toEqual({
      code: 0,
      stdout: 'experiments.config.json: 3 experiments, no problems\n',
      stderr: '',
    });
  });

  it('lists all problems of all files as text', async () => {
    const { path: cwd } = shop({
      ...GUARDED,
      'wrong.json': WRONG,
      'broken.json': '[\n  1,\n]',
    });
    const files = ['wrong.json', 'experiments.config.json', 'broken.json'];
    const { code, stdout, stderr } = await runHere(['validate', ...files], { cwd });
    expect(stdout).toMatchInlineSnapshot(`
     "wrong.json:2:3 error /0
       2 |   { "name": "a b", "variants": [], "seed": 1 },
         |   ^
       the property "identity" is missing

     wrong.json:2:3 error /0
       2 |   { "name": "a b", "variants": [], "seed": 1 },
         |   ^
       the property "audiences" is missing

     wrong.json:2:13 error /0/name
       2 |   { "name": "a b", "variants": [], "seed": 1 },
         |             ^^^^^
       name must be a string of letters, digits and underscores, not "a b"; did you mean "a_b"?

     wrong.json:2:32 error /0/variants
       2 |   { "name": "a b", "variants": [], "seed": 1 },
         |                                ^
       variants must be a list of at least one variant, not an empty list

     wrong.json:2:44 error /0/seed
       2 |   { "name": "a b", "variants": [], "seed": 1 },
         |                                            ^
       seed must be a string, or null, not 1

     wrong.json:3:3 error /1
       3 |   "switch:maybe"
         |   ^^^^^^^^^^^^^^
       an experiment must be an object, or a shorthand such as "name:on" or "name:off", not "switch:maybe"

     wrong.json: 6 problems
     experiments.config.json: 3 experiments, no problems
     broken.json:2:4 error
       2 |   1,
         |    ^
       remove the trailing comma before the closing ]

     broken.json: 1 problem
     "
    `);
    expect([code, stderr]).toEqual([1, '']);
  });

  it('lists all problems of all files as JSON', async () => {
    const { path: cwd } = shop({ 'broken.json': '[\n  1,\n]' });
    const { code, stdout, stderr } = await runHere(['validate', '--json', 'broken.json', '-'], {
      cwd,
      stdin: ODD,
    });
    expect(stdout).toMatchInlineSnapshot(`
     "{
       "files": [
         {
           "file": "broken.json",
           "problems": [
             {
               "path": "",
               "line": 2,
               "column": 4,
               "message": "remove the trailing comma before the closing ]"
             }
           ],
           "warnings": []
         },
         {
           "file": "(standard input)",
           "experiments": 2,
           "namespaces": 0,
           "problems": [],
           "warnings": [
             {
               "code": "duplicate-key",
               "path": "/1/seed",
               "line": 1,
               "column": 61,
               "message": "the key \\"seed\\" is already in line 1, and that one is ignored; remove one of the two"
             },
             {
               "code": "expired",
               "path": "/1/expires",
               "line": 1,
               "column": 85,
               "message": "\\"b\\" was planned to run until 2025-12-31; remove it from the code and this file, or set a later date"
             }
           ]
         }
       ]
     }
     "
    `);
    expect([code, stderr]).toEqual([1, '']);
  });

  it.each([
    [[], 0],
    [['--strict'], 1],
  ])('exits, with %j, for warnings with %i', async (options, expected) => {
    const { path: cwd } = shop({ 'odd.json': ODD });
    const { code, stdout } = await runHere(['validate', 'odd.json', ...options], { cwd });
    expect(code).toBe(expected);
    expect(stdout).toContain('odd.json: 2 experiments, 2 warnings\n');
  });

  it('continues after an unreadable file and exits with 2', async () => {
    const { path: cwd } = shop({ 'wrong.json': WRONG });
    const files = ['nowhere.json', '.', 'wrong.json'];
    const { code, stdout, stderr } = await runHere(['validate', ...files], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error nowhere.json: no such file\n' +
        'error .: this is a directory; pass the path of a file in it\n',
    );
    expect(stdout).toContain('wrong.json: ');
    const machine = await runHere(['validate', '--json', 'nowhere.json'], { cwd });
    expect(JSON.parse(machine.stdout)).toEqual({
      files: [
        {
          file: 'nowhere.json',
          problems: [],
          warnings: [],
          error: 'nowhere.json: no such file',
        },
      ],
    });
    expect(machine.code).toBe(2);
  });

  it('prints colours if they are enabled', async () => {
    const { path: cwd } = shop({ 'wrong.json': WRONG });
    const env = { NO_COLOR: '', FORCE_COLOR: '1' };
    const { stdout } = await runCli(['validate', 'wrong.json'], { cwd, env });
    expect(stdout).toContain('\u001b[31merror\u001b[39m');
    expect(stdout).toContain('\u001b[31m            ^');
  });

  it('prints no escape sequences from a file', async () => {
    const { path: cwd } = shop({ 'evil.json': '[{ "\\u001b[2Jx": 1, "na\u009bme": "y" }]' });
    const { code, stdout } = await runHere(['validate', 'evil.json'], { cwd });
    expect(code).toBe(1);
    for (const control of ['\u001b', '\u009b']) expect(stdout).not.toContain(control);
  });
});
