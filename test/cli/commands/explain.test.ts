import { removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';
import { shop, SPECIFICATION } from './fixture.ts';

afterAll(removeProjects);

describe('evenhand explain', () => {
  it.each([
    ['a rule', ['checkout', '-c', '{"user":{"id":4,"plan":"pro"}}'], 0],
    ['the fallback audience', ['trade_prices', '-c', '@context.json'], 0],
    ['a shorthand', ['free_shipping'], 0],
    ['an identity that is missing', ['checkout', '-c', '{"user":{"plan":"pro"}}'], 1],
    ['a rule that fails', ['checkout', '-c', '{"user":{"id":4}}'], 1],
  ])('explains %s as text', async (_what, args, expected) => {
    const { path: cwd } = shop({ 'context.json': '{"user":{"id":4,"plan":"free"}}' });
    const { code, stdout, stderr } = await runHere(['explain', ...args], { cwd });
    expect([code, stderr]).toEqual([expected, '']);
    expect(stdout).toMatchSnapshot();
  });

  it('prints the result of explain() with --json', async () => {
    const { path: cwd } = shop();
    const context = '{"user":{"id":4,"plan":"pro"}}';
    const { stdout } = await runHere(['explain', 'checkout', '-c', context, '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      experiment: 'checkout',
      reason: 'allocation',
      audience: 0,
      audiences: [
        {
          outcome: 'matched',
          clauses: [
            { clause: 'user.plan == "pro"', outcome: true, values: { 'user.plan': 'pro' } },
          ],
        },
      ],
      identity: { path: 'user.id', text: '4' },
    });
  });

  it('shows a bucket of 10,000', async () => {
    const fine = SPECIFICATION.replace(
      '"name": "checkout",',
      '"name": "checkout", "buckets": 10000,',
    );
    const { path: cwd } = shop({ 'fine.json': fine });
    const context = '{"user":{"id":4,"plan":"pro"}}';
    const args = ['explain', 'checkout', '-c', context, '-f', 'fine.json'];
    const { stdout } = await runHere(args, { cwd });
    expect(stdout).toMatch(
      / {2}bucket {5}92\d\d of 0–9999\n {2}allocation long has buckets 7500–9999\n/,
    );
  });

  it('shows segments and the variants of other experiments', async () => {
    const specification = {
      segments: [{ name: 'paying', rule: 'user.plan in ["pro", "team"]' }],
      experiments: [
        {
          name: 'gift',
          identity: 'user.id',
          variants: [{ name: 'on' }, { name: 'off' }],
          audiences: [
            {
              rule: 'segments.paying and experiments.checkout == "long"',
              allocations: [{ variant: 'on', percent: 100 }],
            },
            { allocations: [{ variant: 'off', percent: 100 }] },
          ],
        },
        {
          name: 'checkout',
          identity: 'user.id',
          variants: [{ name: 'short' }, { name: 'long' }],
          audiences: [{ allocations: [{ variant: 'long', percent: 100 }] }],
        },
      ],
    };
    const { path: cwd } = shop({ 'experiments.config.json': JSON.stringify(specification) });
    const context = '{"user":{"id":4,"plan":"pro"}}';
    const { code, stdout } = await runHere(['explain', 'gift', '-c', context], { cwd });
    expect([code, stdout]).toEqual([
      0,
      `gift: on

  audience 1 of 2: matched
    rule segments.paying and experiments.checkout == "long"
    ✓ segments.paying  (segments.paying is true)
      ✓ user.plan in ["pro", "team"]  (user.plan is "pro")
    ✓ experiments.checkout == "long"  (experiments.checkout is "long")

  identity   user.id is "4"
  seed       "gift"
  bucket     20 of 0–99
  allocation on has buckets 0–99
`,
    ]);
  });

  it('explains an override', async () => {
    const { path: cwd } = shop();
    const args = ['explain', 'checkout', '--override', 'long', '--json'];
    const { stdout, code } = await runHere(args, { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ variant: 'long', overridden: true });
  });

  it.each([
    [['chekout'], 'experiments.config.json has no experiment "chekout"; did you mean "checkout"?'],
    [['checkout', '--override', 'lang'], 'has no variant "lang"; did you mean "long"?'],
    [['checkout', '-c', '[4]'], 'not a list'],
    [['checkout', '-c', '{user:1}'], '--context:1:2 error\n  1 | {user:1}\n    |  ^^^^\n'],
    [['checkout', '-c', '@nowhere.json'], 'nowhere.json: no such file'],
    [['checkout', '--file', 'nowhere.json'], 'nowhere.json: no such file'],
    [[], "missing required argument 'name'"],
  ])('exits with 2 for %j', async (args, message) => {
    const { path: cwd } = shop();
    const { code, stdout, stderr } = await runHere(['explain', ...args], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('reports problems of the file', async () => {
    const { path: cwd } = shop({ 'wrong.json': '["x:on", "x:off"]' });
    const people = await runHere(['explain', 'x', '-f', 'wrong.json'], { cwd });
    expect(people.code).toBe(2);
    expect(people.stderr).toContain('wrong.json:1:10 error /1\n  1 | ["x:on", "x:off"]\n');
    const machines = await runHere(['explain', 'x', '-f', 'wrong.json', '--json'], { cwd });
    expect(JSON.parse(machines.stdout)).toMatchObject({
      error: { code: 'spec', problems: [{ path: '/1', line: 1, column: 10 }] },
    });
  });
});
