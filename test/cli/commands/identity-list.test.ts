import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const FILE = 'experiments.config.json';
const LIST = ['user.id', 'anonymous'];

/** Runs a command on a specification of one experiment by these identities. */
async function evenhand(identity: unknown, args: readonly string[], files: object = {}) {
  const spec = (one: unknown) => JSON.stringify([{ ...experiment(), identity: one }]);
  const others = Object.entries(files).map(([name, one]) => [
    name,
    typeof one === 'string' && name.endsWith('.ndjson') ? one : spec(one),
  ]);
  const project = makeProject({ ...Object.fromEntries(others), [FILE]: spec(identity) });
  return { ...(await runHere(args, { cwd: project.path })), project };
}

const explain = (context: object, ...more: string[]) =>
  evenhand(LIST, ['explain', 'exp', '-c', JSON.stringify(context), ...more]);

describe('a list of identities on the command line', () => {
  it('is explained by the identity that decided, and the skipped ones', async () => {
    const { stdout, code } = await explain({ user: { id: null }, anonymous: 'key' });
    expect(code).toBe(0);
    expect(stdout).toContain('\n  skipped    user.id is None\n  identity   anonymous is "key"\n');
  });

  it('is explained without skipped identities if the first one decided', async () => {
    const { stdout } = await explain({ user: { id: 7 }, anonymous: 'key' });
    expect(stdout).toContain('\n  identity   user.id is "7"\n');
    expect(stdout).not.toContain('skipped');
  });

  it('is explained if no identity is available', async () => {
    const { stdout, code } = await explain({});
    expect(code).toBe(1);
    expect(stdout).toContain(
      '\n  skipped    user.id is missing\n  skipped    anonymous is missing\n',
    );
    expect(stdout).toContain('the identity "user.id or anonymous" is not available');
  });

  it('is explained as JSON', async () => {
    const { stdout } = await explain({ anonymous: 'key' }, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      identity: {
        path: 'anonymous',
        text: 'key',
        skipped: [{ path: 'user.id', reason: 'missing' }],
      },
    });
  });

  it('is simulated, in words and as JSON', async () => {
    const { stdout } = await evenhand(LIST, ['simulate', '-n', '2000']);
    expect(stdout).toContain('exp  by user.id or anonymous, seed "exp"\n');
    const json = await evenhand(LIST, ['simulate', '-n', '2000', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ experiments: [{ identity: LIST }] });
  });

  it('is in the report of a simulation', async () => {
    const { project } = await evenhand(LIST, ['simulate', '-n', '2000', '--report', 'r.html']);
    expect(project.read('r.html')).toContain('by <code>user.id or anonymous</code>');
  });

  it('is compared with the first identity alone: no one moves', async () => {
    const { stdout, code } = await evenhand(LIST, ['diff', 'old.json', FILE], {
      'old.json': 'user.id',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('exp: no one moves between shown variants\n');
    expect(stdout).toContain(
      'participants without user.id now get a bucket by anonymous; everyone else keeps theirs\n',
    );
  });

  it('is compared with its last identity alone: those with both move', async () => {
    const files = { 'old.json': 'anonymous' };
    const { stdout, code } = await evenhand(LIST, ['diff', 'old.json', FILE], files);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^exp: up to [\d.]+% move between shown variants\n/);
    expect(stdout).toMatch(/\n {2}everyone with anonymous and user\.id: [\d.]+% move/);
    expect(stdout).toContain('Use this instead:\n    "identity": "anonymous"\n');
    const json = await evenhand(LIST, ['diff', 'old.json', FILE, '--json'], files);
    expect(JSON.parse(json.stdout)).toMatchObject({
      changed: [{ identityMove: { from: 'anonymous', to: 'user.id' } }],
    });
  });

  it('is suggested as a list', async () => {
    const { stdout } = await evenhand('anonymous', ['diff', 'old.json', FILE], {
      'old.json': LIST,
    });
    expect(stdout).toContain('Use this instead:\n    "identity": ["user.id", "anonymous"]\n');
  });

  it.each([
    ['visitors', '{"user":{"id":null},"anonymous":"ID"}', 0, 'no one moves'],
    ['users', '{"user":{"id":"ID"},"anonymous":"key ID"}', 1, '% move between shown variants'],
  ])('is compared by the contexts of %s', async (_what, line, expected, text) => {
    const lines = Array.from({ length: 40 }, (_, id) => line.replaceAll('ID', String(id)));
    const files = { 'old.json': 'anonymous', 'contexts.ndjson': lines.join('\n') };
    const args = ['diff', 'old.json', FILE, '--contexts', 'contexts.ndjson'];
    const { stdout, code } = await evenhand(LIST, args, files);
    expect(code).toBe(expected);
    expect(stdout).toMatch(new RegExp(`40 contexts: .*${text}`));
  });

  it('is named by a rollout that makes it necessary', async () => {
    const spec = { ...experiment({ audiences: [audience({ a: 0, b: 100 })] }), identity: LIST };
    const project = makeProject({ [FILE]: JSON.stringify([spec]) });
    const args = ['rollout', 'exp', '--variant', 'a', '--to', '10'];
    const { stdout } = await runHere(args, { cwd: project.path });
    expect(stdout).toContain(
      'this audience now needs the identity user.id or anonymous; without it, decisions fail',
    );
  });

  it.each([
    ['user.id,anonymous', ['user.id', 'anonymous']],
    ['user.id, tenant.id , anonymous', ['user.id', 'tenant.id', 'anonymous']],
    ['tenant.id', 'tenant.id'],
  ])('is added by new --identity %j', async (given, identity) => {
    const { project, code } = await evenhand('user.id', ['new', 'added', '--identity', given]);
    expect(code).toBe(0);
    const [, added] = JSON.parse(project.read(FILE)) as { identity: unknown }[];
    expect(added?.identity).toEqual(identity);
  });

  it.each([
    ['user.id,random', ''],
    ['user.id,user.id', ''],
    ['user.id,', '; did you mean "user.id"?'],
    ['a,b,c,d,e,f,g,h,i', ''],
    ['user.id or anonymous', '; did you mean "user.id,anonymous"?'],
    ['user-id, anonymous', '; did you mean "user.id,anonymous"?'],
  ])('is refused by new --identity %j', async (given, suggestion) => {
    const { stderr, code } = await evenhand('user.id', ['new', 'added', '--identity', given]);
    expect(code).toBe(2);
    expect(stderr).toContain(`--identity takes a path into the context such as user.id`);
    expect(stderr).toContain(`, not "${given}"${suggestion}\n`);
  });

  it('is validated, with its place', async () => {
    const project = makeProject({
      [FILE]: `[\n  {\n    "name": "exp",\n    "identity": ["anonymous", "user.id"],\n    "variants": [{ "name": "a" }],\n    "audiences": [{ "allocations": [{ "variant": "a", "percent": 100 }] }]\n  }\n]\n`,
    });
    const { stdout } = await runHere(['validate'], { cwd: project.path });
    expect(stdout).toContain(`${FILE}:4:18`);
    expect(stdout).toContain('identity-unreachable');
  });
});
