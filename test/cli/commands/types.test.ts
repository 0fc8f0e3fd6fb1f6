import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects, type Project } from '../project.ts';
import { runHere } from '../run-here.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const project = () => makeProject({ 'experiments.config.json': '["search:on", "chat:off"]' });

async function types(at: Project, ...args: string[]) {
  const host = testHost({ cwd: at.path });
  await run(['types', ...args], host);
  return { code: host.exitCode(), out: host.out(), err: host.err() };
}

describe('evenhand types', () => {
  it('writes the declarations', async () => {
    const at = project();
    const { code, stdout, stderr } = await runHere(['types'], { cwd: at.path });
    expect([code, stdout, stderr]).toEqual([
      0,
      'experiments.d.ts: 2 experiments and switches\n',
      '',
    ]);
    expect(at.read('experiments.d.ts')).toContain("chat: {\n      variant: 'on' | 'off';");
  });

  it('prints the declarations to standard output', async () => {
    const at = project();
    const { out } = await types(at, '--out', '-');
    await types(at);
    expect(out).toBe(at.read('experiments.d.ts'));
  });

  it('prints the declarations as JSON with --out - --json', async () => {
    const at = project();
    const { out } = await types(at, '--out', '-', '--json');
    await types(at);
    expect(JSON.parse(out)).toEqual({
      file: '-',
      experiments: 2,
      text: at.read('experiments.d.ts'),
    });
  });

  it('refuses --check together with --out -', async () => {
    const { code, out, err } = await types(project(), '--out', '-', '--check');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain("--check can't be combined with --out -");
  });

  it('never overwrites the specification', async () => {
    const at = project();
    const before = at.read('experiments.config.json');
    const { code, err } = await types(at, '--out', './experiments.config.json');
    expect(code).toBe(2);
    expect(err).toContain('--out would overwrite the specification ./experiments.config.json');
    expect(at.read('experiments.config.json')).toBe(before);
  });

  it('reads the given file and writes the given path', async () => {
    const at = makeProject({ 'config/shop.json': '["search:on"]', 'src/a.ts': '' });
    await types(at, 'config/shop.json', '--out', 'src/shop.d.ts');
    expect(at.read('src/shop.d.ts')).toContain('from config/shop.json; don');
    at.write('src/shop.d.ts', '');
    expect((await types(at, 'config/shop.json', '--out', 'src/shop.d.ts', '--check')).out).toBe(
      'src/shop.d.ts is out of date; run npx evenhand types config/shop.json --out src/shop.d.ts\n',
    );
  });

  it('writes nothing with --check, and exits with 1 if the file is out of date', async () => {
    const at = project();
    expect(await types(at, '--check')).toEqual({
      code: 1,
      out: 'experiments.d.ts does not exist; run npx evenhand types\n',
      err: '',
    });
    expect(() => at.read('experiments.d.ts')).toThrow('ENOENT');
    await types(at);
    expect(await types(at, '--check')).toEqual({
      code: 0,
      out: 'experiments.d.ts is up to date\n',
      err: '',
    });
    at.write('experiments.config.json', '["search:on"]');
    const before = at.read('experiments.d.ts');
    expect(await types(at, '--check')).toEqual({
      code: 1,
      out: 'experiments.d.ts is out of date; run npx evenhand types\n',
      err: '',
    });
    expect(at.read('experiments.d.ts')).toBe(before);
  });

  it('does not rewrite a file that only has another format', async () => {
    const at = project();
    await types(at);
    const formatted = at.read('experiments.d.ts').replaceAll("'", '"').replaceAll(';', '');
    at.write('experiments.d.ts', formatted);
    expect((await types(at)).out).toBe('experiments.d.ts is up to date\n');
    expect(at.read('experiments.d.ts')).toBe(formatted);
  });

  it('prints JSON with --json', async () => {
    const at = project();
    const report = { file: 'experiments.d.ts', experiments: 2 };
    expect(JSON.parse((await types(at, '--check', '--json')).out)).toEqual({
      ...report,
      current: false,
    });
    await types(at);
    expect(JSON.parse((await types(at, '--json')).out)).toEqual({ ...report, current: true });
  });

  it('refuses an invalid specification and a missing file', async () => {
    const at = makeProject({ 'experiments.config.json': '["search:maybe"]' });
    expect((await types(at)).code).toBe(2);
    expect((await types(at, 'none.json')).code).toBe(2);
    expect(() => at.read('experiments.d.ts')).toThrow('ENOENT');
  });
});
