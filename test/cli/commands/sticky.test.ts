import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const variants = ['a', 'b', 'c'].map((name) => ({ name }));

const splitOf = (shares: Readonly<Record<string, number>>) => ({
  allocations: Object.entries(shares).map(([variant, percent]) => ({ variant, percent })),
});

const BEFORE = {
  name: 'exp',
  identity: 'user.id',
  sticky: true,
  variants,
  audiences: [splitOf({ a: 50, b: 50 })],
};

const AFTER = { ...BEFORE, audiences: [splitOf({ a: 30, b: 70 })] };

async function call(args: readonly string[], files: Readonly<Record<string, unknown>>) {
  const texts = Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]);
  const project = makeProject(Object.fromEntries(texts) as Record<string, string>);
  const host = testHost({ cwd: project.path });
  await run(args, host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

const diff = (before: object, after: object, ...args: readonly string[]) =>
  call(['diff', 'old.json', 'new.json', ...args], { 'old.json': [before], 'new.json': [after] });

describe('evenhand diff of sticky experiments', () => {
  it('says that kept variants stay, shows what new participants get, and exits with 0', async () => {
    const { out, code } = await diff(BEFORE, AFTER);
    expect(out).toMatchInlineSnapshot(`
      "exp: no one whose variant is kept moves between shown variants
        allocations: a 50, b 50 → a 30, b 70
        sticky: participants keep their variants; the shares are about new participants, and people whose variant was not kept

        everyone: no one whose variant is kept moves
                 a    b
          a →  30%  20%
          b →    ·  50%
      "
    `);
    expect(code).toBe(0);
  });

  it('says so in Markdown and JSON', async () => {
    const { out } = await diff(BEFORE, AFTER, '--markdown');
    expect(out).toContain('🟢 exp: no one whose variant is kept moves between shown variants');
    expect(out).toContain('| a | 30% | 20% |');
    const { out: json } = await diff(BEFORE, AFTER, '--json');
    expect(JSON.parse(json)).toMatchObject({
      harmful: false,
      changed: [
        {
          sticky: true,
          worst: 0,
          movements: [
            {
              shares: [
                [0.3, 0.2],
                [0, 0.5],
              ],
            },
          ],
        },
      ],
    });
  });

  it('counts the contexts of a file in the same way', async () => {
    const lines = Array.from({ length: 200 }, (_, id) => JSON.stringify({ user: { id } }));
    const project = makeProject({
      'old.json': JSON.stringify([BEFORE]),
      'new.json': JSON.stringify([AFTER]),
      'contexts.jsonl': lines.join('\n'),
    });
    const host = testHost({ cwd: project.path });
    await run(['diff', 'old.json', 'new.json', '--contexts', 'contexts.jsonl'], host);
    expect(host.out()).toContain('200 contexts: no one whose variant is kept moves');
    expect(host.exitCode()).toBe(0);
  });

  it('still reports people whose variant is removed', async () => {
    const { out, code } = await diff(BEFORE, {
      ...BEFORE,
      variants: variants.slice(1),
      audiences: [splitOf({ b: 50, c: 50 })],
    });
    expect(out).toContain('exp: 50% move between shown variants');
    expect(code).toBe(1);
  });

  it.each<[string, object, object]>([
    ['becomes sticky', { ...BEFORE, sticky: false }, AFTER],
    ['is no longer sticky', BEFORE, { ...AFTER, sticky: false }],
    ['has a new seed', BEFORE, { ...AFTER, seed: 'second' }],
  ])('reports all moves of an experiment that %s', async (_, before, after) => {
    const { out, code } = await diff(before, after);
    expect(out).not.toContain('sticky: participants');
    expect(code).toBe(1);
  });

  it('shows the change of "sticky" itself', async () => {
    const { out, code } = await diff({ ...BEFORE, sticky: false }, BEFORE);
    expect(out).toContain('  sticky from now on\n');
    expect(code).toBe(0);
    expect((await diff(BEFORE, { ...BEFORE, sticky: false })).out).toContain(
      '  no longer sticky\n',
    );
  });
});

describe('evenhand rollout of a sticky experiment', () => {
  const args = ['rollout', 'exp', '--variant', 'b', '--to', '70', '--from', 'a'];

  it('says who keeps a variant', async () => {
    const { out } = await call(args, { 'experiments.config.json': [BEFORE] });
    expect(out.split('\n\n')[0]).toBe(
      [
        'exp, audience 1',
        '  a 50% → 30%',
        '  b 50% → 70%',
        '  sticky: participants keep the variants they have; the rest is about new participants',
        '  20% of this audience get b instead of a',
        '  everyone else gets the same variant as before; no other change affects fewer people',
      ].join('\n'),
    );
  });

  it('says so in JSON', async () => {
    const { out } = await call([...args, '--json'], { 'experiments.config.json': [BEFORE] });
    expect(JSON.parse(out)).toMatchObject({ sticky: true, moves: [{ from: 'a', to: 'b' }] });
    const plain = { ...BEFORE, sticky: false };
    const other = await call([...args, '--json'], { 'experiments.config.json': [plain] });
    expect(JSON.parse(other.out)).not.toHaveProperty('sticky');
  });
});

describe('evenhand switch of a sticky switch', () => {
  it('says who keeps a state', async () => {
    const beta = {
      name: 'beta',
      identity: 'user.id',
      sticky: true,
      variants: [{ name: 'on' }, { name: 'off' }],
      audiences: [splitOf({ on: 50, off: 50 })],
    };
    const files = { 'experiments.config.json': [beta] };
    const { out } = await call(['switch', 'beta', 'off'], files);
    expect(out).toMatch(
      /^beta is off\nsticky: participants who already have a state keep it; remove "sticky" to change everyone\n/,
    );
    const plain = await call(['switch', 'beta', 'off'], {
      'experiments.config.json': [{ ...beta, sticky: false }],
    });
    expect(plain.out).not.toContain('sticky:');
  });
});

describe('evenhand explain of a sticky experiment', () => {
  it('decides for a new participant, and says that others keep theirs', async () => {
    const { out } = await call(['explain', 'exp', '-c', '{"user":{"id":7}}'], {
      'experiments.config.json': [BEFORE],
    });
    expect(out).toMatch(/^exp: [ab]\n/);
    expect(out).toMatch(
      /\n\n {2}sticky: a participant who already has another variant keeps that one\n$/,
    );
  });
});

describe('evenhand validate of a sticky experiment', () => {
  it('shows the place and the remedy if the identity is random', async () => {
    const { err, out, code } = await call(['validate'], {
      'experiments.config.json': [{ ...BEFORE, identity: 'random' }],
    });
    expect(`${out}${err}`).toMatch(/experiments\.config\.json:1:\d+/);
    expect(`${out}${err}`).toContain(
      'choose another identity, such as "user.id", or remove "sticky"',
    );
    expect(code).toBe(1);
  });
});
