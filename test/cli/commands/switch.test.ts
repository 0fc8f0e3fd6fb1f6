import { run } from '../../../src/cli/program.ts';
import { removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';
import { testHost } from '../test-host.ts';
import { shop, SPECIFICATION } from './fixture.ts';

afterAll(removeProjects);

describe('evenhand switch', () => {
  it('turns a shorthand off and changes nothing else', async () => {
    const project = shop();
    const { code, stdout, stderr } = await runHere(['switch', 'free_shipping', 'off'], {
      cwd: project.path,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
     "free_shipping is off
     --- experiments.config.json
     +++ experiments.config.json
     @@ -1,5 +1,5 @@
      {
        "experiments": [
     -    "free_shipping:on",
     +    "free_shipping:off",
          {
            "name": "checkout",
     "
    `);
    expect(project.read('experiments.config.json')).toBe(
      SPECIFICATION.replace('free_shipping:on', 'free_shipping:off'),
    );
  });

  it('turns a switch with rules off for one audience or all, and back on', async () => {
    const project = shop();
    const flip = async (...args: string[]) => {
      const host = testHost({ cwd: project.path });
      await run(['switch', 'trade_prices', ...args], host);
      expect(host.err()).toBe('');
      return host.out();
    };
    await flip('off', '--audience', '1');
    const off = '[{ "variant": "on", "percent": 0 }, { "variant": "off", "percent": 100 }]';
    expect(project.read('experiments.config.json')).toBe(
      SPECIFICATION.replace('[{ "variant": "on", "percent": 100 }]', off),
    );
    expect(await flip('off', '--all')).toBe('trade_prices is already off\n');
    await flip('on', '--audience', '1');
    expect(project.read('experiments.config.json')).toContain(
      '"allocations": [{ "variant": "on", "percent": 100 }, { "variant": "off", "percent": 0 }]',
    );
    await flip('on', '--all');
    expect(project.read('experiments.config.json')).toContain(
      '{ "allocations": [{ "variant": "off", "percent": 0 }, { "variant": "on", "percent": 100 }] }',
    );
  });

  it('reports with --json if anything has changed', async () => {
    const { path: cwd } = shop();
    const { stdout } = await runHere(['switch', 'free_shipping', 'on', '--json'], { cwd });
    expect(JSON.parse(stdout)).toEqual({ switch: 'free_shipping', state: 'on', changed: false });
  });

  it.each([
    [['trade_prices', 'off'], 'choose which to turn off with --all or --audience'],
    [['trade_prices', 'off', '--all', '--audience', '1'], 'cannot be used with'],
    [['checkout', 'off'], '"checkout" is not a switch; it has the variants short, inactive, long'],
    [['free_shiping', 'off'], 'did you mean "free_shipping"?'],
    [['free_shipping', 'aus'], 'Allowed choices are on, off'],
  ])('exits with 2 for %j', async (args, message) => {
    const project = shop();
    const host = testHost({ cwd: project.path });
    await run(['switch', ...args], host);
    expect(host.err()).toContain(message);
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe(SPECIFICATION);
  });

  it('refuses to write to standard input', async () => {
    const host = testHost({ cwd: '/', stdin: '["a:on"]' });
    await run(['switch', 'a', 'off', '--file', '-'], host);
    expect(host.err()).toContain(
      "can't write the change to (standard input); name a file with --file",
    );
  });
});
