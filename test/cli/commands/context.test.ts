import { run } from '../../../src/cli/program.ts';
import { ContextShape } from '../../../src/specification/context/shape.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SAMPLE = [
  { locale: 'en', user: { id: 7, plan: 'pro', is_authenticated: true } },
  { locale: 'sv', referrer: null, user: { id: null, is_authenticated: false } },
  { locale: 'de', referrer: 'x', user: { id: 9, plan: 'free', is_authenticated: true } },
];
const LINES = SAMPLE.map((context) => JSON.stringify(context)).join('\n');

const CONTEXT = {
  properties: {
    locale: { type: 'string' },
    referrer: { type: ['null', 'string'] },
    user: {
      type: 'object',
      properties: { id: { type: 'number' }, plan: { type: 'string' } },
      required: ['id', 'plan'],
    },
  },
  required: ['locale'],
};

/** Returns a specification with one rule. */
function specification(rule: string, more: object = {}): string {
  const allocations = [
    { variant: 'a', percent: 50 },
    { variant: 'b', percent: 50 },
  ];
  const experiment = {
    name: 'x',
    identity: 'user.id',
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: [{ rule, allocations }, { allocations: [{ variant: 'a', percent: 100 }] }],
  };
  return `${JSON.stringify({ ...more, experiments: [experiment] }, undefined, 2)}\n`;
}

const GUARDED = "user.is_authenticated and user.plan == 'pro'";

async function context(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const project = makeProject(files);
  const host = testHost({ cwd: project.path, stdin: files['stdin'] ?? '' });
  await run(['context', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode(), project };
}

describe('evenhand context', () => {
  it.each([
    ['lines', LINES],
    ['lines of Windows', `\ufeff${LINES.replaceAll('\n', '\r\n')}\r\n`],
    ['a list', JSON.stringify(SAMPLE, undefined, 2)],
  ])('proposes a context from %s', async (_what, text) => {
    const { out, err, code } = await context({ 'a.json': text }, '--contexts', 'a.json');
    expect(JSON.parse(out)).toEqual(CONTEXT);
    expect(err).toBe(
      'from 3 contexts; check it, then add it as "context" to the file, or run this again with --write\n',
    );
    expect(code).toBe(0);
  });

  it('reads standard input, and one object over several lines', async () => {
    const stdin = JSON.stringify(SAMPLE[0], undefined, 2);
    const { out } = await context({ stdin }, '--contexts', '-', '--json');
    expect(JSON.parse(out)).toMatchObject({
      contexts: 1,
      context: { required: ['locale', 'user'] },
    });
  });

  it('reads a shape that an application has recorded, alone and with contexts', async () => {
    const shape = new ContextShape();
    for (const one of SAMPLE) shape.add(one);
    const files = { 'shape.json': JSON.stringify(shape), 'more.ndjson': '{"country":"SE"}' };
    const alone = await context(files, '--from', 'shape.json');
    expect(JSON.parse(alone.out)).toEqual(CONTEXT);
    const both = await context(files, '--from', 'shape.json', '--contexts', 'more.ndjson');
    const { required: _, properties } = CONTEXT;
    expect(JSON.parse(both.out)).toEqual({
      properties: { ...properties, country: { type: 'string' } },
    });
  });

  it('holds no value of a context', async () => {
    const secret = '{"token":"s3cret","user":{"id":424242,"email":"ada@example.org"}}';
    const { out, err } = await context({ 'a.ndjson': secret }, '--contexts', 'a.ndjson');
    expect(out + err).not.toMatch(/s3cret|424242|ada@/);
  });

  it('reports the lines that hold no context', async () => {
    const text = `{"a":1}\n\n{"a"\n[1]\n${'x\n'.repeat(5)}`;
    const { err } = await context({ 'a.ndjson': text }, '--contexts', 'a.ndjson');
    expect(err).toContain('skipped line 3: the line is not JSON: column 5: ');
    expect(err).toContain('skipped line 4: the line is not a JSON object such as');
    expect(err).toContain('skipped 2 more\n');
  });

  it('writes the context into the file and shows the effect', async () => {
    const files = {
      'a.ndjson': LINES,
      'experiments.config.json': specification(`${GUARDED} and referrer < 'x'`),
    };
    const { out, code, project } = await context(files, '--contexts', 'a.ndjson', '--write');
    const after = project.read('experiments.config.json');
    const before = files['experiments.config.json'];
    expect(JSON.parse(after)).toEqual({ ...JSON.parse(before), context: CONTEXT });
    expect(after.endsWith(before.slice(before.indexOf('  "experiments"')))).toBe(true);
    expect(out).toContain('declared the context in experiments.config.json\n--- experiments');
    expect(out).toContain('+  "context": {\n');
    expect(out).toContain('[rule-doubtful] /experiments/0/audiences/0/rule');
    expect(out).toContain(`this may fail: "<" can't compare None with a string; write referrer is`);
    expect(out).toContain('experiments.config.json: 1 experiment, 1 warning\n');
    expect(code).toBe(0);
  });

  it('makes a list an object', async () => {
    const files = { 'a.ndjson': '{"a":1}', 'experiments.config.json': '["x:on"]\n' };
    const { out, project } = await context(files, '--contexts', 'a.ndjson', '--write');
    expect(JSON.parse(project.read('experiments.config.json'))).toEqual({
      context: { properties: { a: { type: 'number' } }, required: ['a'] },
      experiments: ['x:on'],
    });
    expect(out).toContain('1 experiment, no problems\n');
  });

  it('writes nothing if the file would have problems', async () => {
    const text = specification("user.is_authenticated and user.plna == 'pro'");
    const files = { 'a.ndjson': LINES, 'experiments.config.json': text };
    const { out, code, project } = await context(files, '--contexts', 'a.ndjson', '--write');
    expect(project.read('experiments.config.json')).toBe(text);
    expect(out).toContain('user has no attribute "plna"; did you mean "plan"?');
    expect(out).toContain(
      'experiments.config.json would have 1 problem with this context, so nothing was written; fix the rules, or add sample contexts that have these values\n',
    );
    expect(code).toBe(1);
    const json = await context(files, '--contexts', 'a.ndjson', '--write', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ problems: [{ line: expect.any(Number) }] });
    expect(json.code).toBe(1);
  });

  it('replaces a context only with --force', async () => {
    const text = specification(GUARDED, { context: { properties: {} } });
    const files = { 'a.ndjson': LINES, 'experiments.config.json': text };
    const refused = await context(files, '--contexts', 'a.ndjson', '--write');
    expect(refused.err).toContain('already declares a context; pass --force to replace it');
    expect(refused.code).toBe(2);
    expect(refused.project.read('experiments.config.json')).toBe(text);
    const forced = await context(files, '--contexts', 'a.ndjson', '--write', '--force', '--json');
    expect(JSON.parse(forced.out)).toEqual({
      file: 'experiments.config.json',
      context: CONTEXT,
      warnings: [],
    });
    expect(JSON.parse(forced.project.read('experiments.config.json')).context).toEqual(CONTEXT);
  });

  it.each([
    [[], 'pass sample contexts with --contexts <file>, or a recorded shape with --from <file>'],
    [['--contexts', 'none.json'], 'none.json: no such file'],
    [['--contexts', 'empty'], 'empty holds no context, which is a JSON object such as'],
    [['--contexts', 'number'], 'item 1: not a JSON object'],
    [['--contexts', 'broken'], 'line 1: the line is not JSON'],
    [['--contexts', 'unreadable'], "the contexts have only names that rules can't read"],
    [['--contexts', 'many', '--write'], 'more than 50 names, so there is nothing to declare'],
    [
      ['--from', 'a.ndjson'],
      'is not a shape that the option "recordContextShape" has written; pass sample contexts with --contexts "a.ndjson"',
    ],
    [['--from', 'broken'], 'broken:1:2'],
    [['--contexts', 'a.ndjson', '--write'], 'experiments.config.json: no such file'],
    [
      ['--contexts', 'a.ndjson', '--write', '--file', '-'],
      "can't write the change to (standard input)",
    ],
  ])('refuses %j', async (args, message) => {
    const files = {
      'a.ndjson': '{"a":1}',
      empty: '\n',
      number: '5',
      broken: '{x',
      unreadable: '{"a b":1,"x-y":2}',
      many: JSON.stringify(Object.fromEntries(Array.from('x'.repeat(51), (x, i) => [x + i, i]))),
      stdin: '[]',
    };
    const { err, code } = await context(files, ...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
