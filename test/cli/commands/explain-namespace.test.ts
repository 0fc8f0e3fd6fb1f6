import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const CONFIG = {
  experiments: ['shop:on'],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 10,
      inputs: { userid: 'user.id' },
      defaults: { text: 'OK' },
      experiments: [
        { name: 'prices', script: 'price = 5; total = price * 2; return userid < 100;' },
        { name: 'words', variants: [{ name: 'buy', values: { text: 'Buy' } }] },
      ],
      history: [
        { add: 'prices', segments: 10 },
        { add: 'words', segments: 0 },
      ],
    },
    { name: 'shop', unit: 'user.id' },
    { name: 'empty', unit: 'user.id' },
  ],
};

async function explain(...args: readonly string[]) {
  const { path: cwd } = makeProject({ 'experiments.config.json': JSON.stringify(CONFIG) });
  const context = args.includes('-c') ? [] : ['-c', '{"user":{"id":7}}'];
  return runHere(['explain', ...args, ...context], { cwd });
}

describe('evenhand explain for a namespace', () => {
  it('shows the segment, the experiment and the parameters', async () => {
    const { code, stdout } = await explain('checkout');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^checkout: prices\n\n {2}unit {7}user\.id is "7"\n {2}segment {4}\d of 0–9\n {2}salt {7}"checkout\.prices"\n\nparameter {2}value\ntext {7}"OK"\nprice {6}5\ntotal {6}10\n$/,
    );
  });

  it('shows a forced parameter, and what the script computes from it', async () => {
    const { stdout } = await explain('checkout', '--override', 'price:100', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      experiment: 'prices',
      overrides: { params: { price: 100 } },
      params: { text: 'OK', price: 100, total: 200 },
    });
  });

  it('shows a forced experiment', async () => {
    const { stdout } = await explain('checkout', '--override', 'words');
    expect(stdout).toContain('checkout: words\n');
    expect(stdout).toContain('  override   the experiment words\n');
    expect(stdout).toContain('"Buy"');
  });

  it('shows that the experiment excludes a unit', async () => {
    const { stdout } = await explain('checkout', '-c', '{"user":{"id":700}}');
    expect(stdout).toContain('  the experiment excludes this unit\n');
  });

  it('shows an error, and exits with 1', async () => {
    const { code, stdout } = await explain('checkout', '-c', '{}');
    expect(code).toBe(1);
    expect(stdout).toContain('the unit "user.id" is not in the context');
    expect(stdout).not.toContain('parameters');
  });

  it('shows a namespace without experiments', async () => {
    expect((await explain('empty')).stdout).toMatch(/^empty: no experiment\n[^]*no parameters\n$/);
  });

  it('explains an experiment that has the same name', async () => {
    expect((await explain('shop')).stdout).toMatch(/^shop: on\n/);
  });

  it.each([
    [
      'nothing',
      'does not run the experiment "nothing"; write one of prices, words, or parameter:value',
    ],
    ['price:many', 'can\'t force "price" to "many", which must be a number'],
    ['x:1', 'can\'t force "x" to "1", which no running experiment sets'],
  ])('refuses the override %s', async (override, problem) => {
    const { code, stderr } = await explain('checkout', '--override', override);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });
});
