import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const SOURCE = `text = uniformChoice(choices=['OK', 'Share'], unit=userid);
if (country == 'DE') {
  return false;
}
`;

describe('evenhand planout', () => {
  it('compiles source to JSON, which runs with the same result', async () => {
    const project = makeProject({ 'a.planout': SOURCE });
    const cwd = project.path;
    const compiled = await runHere(['planout', 'compile', 'a.planout'], { cwd });
    expect(compiled.code).toBe(0);
    expect(JSON.parse(compiled.stdout)).toMatchObject({ op: 'seq' });
    project.write('a.json', compiled.stdout);
    const args = ['-i', '{"userid":7,"country":"FR"}', '--salt', 's', '--json'];
    const fromSource = await runHere(['planout', 'run', 'a.planout', ...args], { cwd });
    const fromJson = await runHere(['planout', 'run', 'a.json', ...args], { cwd });
    expect(fromSource).toEqual(fromJson);
    expect(JSON.parse(fromSource.stdout)).toEqual({
      inExperiment: true,
      params: { text: expect.stringMatching(/OK|Share/) },
    });
  });

  it('lists the inputs, units and parameters of a script without running it', async () => {
    const { path: cwd } = makeProject({ 'a.planout': SOURCE });
    const { code, stdout } = await runHere(['planout', 'inspect', 'a.planout'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/inputs +userid, country\nunits +userid\nparameters +text \(string\)\n/);
    const json = await runHere(['planout', 'inspect', 'a.planout', '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      inputs: ['userid', 'country'],
      units: ['userid'],
      parameters: ['text'],
      kinds: { text: ['string'] },
      salts: ['text'],
    });
  });

  it('inspects a script that has no names, and compiled JSON', async () => {
    const { path: cwd } = makeProject({ 'a.json': '{"op":"seq","seq":[]}' });
    const { stdout } = await runHere(['planout', 'inspect', 'a.json'], { cwd });
    expect(stdout).toMatch(/inputs +none\n/);
  });

  it('reports a unit that the script excludes', async () => {
    const { path: cwd } = makeProject({ 'a.planout': SOURCE });
    const args = ['planout', 'run', 'a.planout', '-i', '{"userid":7,"country":"DE"}'];
    const { code, stdout } = await runHere(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^parameter {2}value\ntext {7}"\w+"\nthe script excludes this unit from the experiment\n$/,
    );
  });

  it.each([
    ['a syntax error', 'a = ;', 'a.planout:1:5 error\n  1 | a = ;\n    |     ^\n'],
    ['an unknown operator', 'a = nonsense(x=1);', 'nonsense'],
    ['JSON', '{"op":"seq","seq":[]}', 'a.planout is JSON, so it is already compiled'],
  ])('refuses to compile %s', async (_what, source, message) => {
    const { path: cwd } = makeProject({ 'a.planout': source });
    const { code, stdout, stderr } = await runHere(['planout', 'compile', 'a.planout'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('reports a missing input of a script', async () => {
    const { path: cwd } = makeProject({ 'a.planout': 'a = uniformChoice(choices=[1, 2]);' });
    const { code, stderr } = await runHere(['planout', 'run', 'a.planout'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('unit');
  });
});
