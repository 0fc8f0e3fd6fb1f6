import { run } from '../../../src/cli/program.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { type HostSetup, testHost } from '../test-host.ts';

afterAll(removeProjects);

const VARIANTS = ['treatment', 'inactive', 'control'].map((name) => ({ name }));

const OLD = experiment({
  name: 'checkout',
  variants: VARIANTS,
  audiences: [
    audience({ treatment: 25, control: 25, inactive: 50 }, 'country == "DE"'),
    audience({ inactive: 100 }),
  ],
});

const HARMFUL = {
  ...OLD,
  audiences: [
    audience({ treatment: 30, control: 30, inactive: 40 }, 'country == "DE"'),
    audience({ inactive: 100 }),
  ],
};

const HARMLESS = {
  ...OLD,
  audiences: [
    audience({ treatment: 25, control: 35, inactive: 40 }, 'country == "DE"'),
    audience({ inactive: 100 }),
  ],
};

/** Runs `evenhand diff old.json new.json` on two specifications. */
async function diff(
  before: unknown,
  after: unknown,
  args: readonly string[] = [],
  { files = {}, ...setup }: Partial<HostSetup> & { files?: Readonly<Record<string, string>> } = {},
) {
  const project = makeProject({
    'old.json': JSON.stringify(before),
    'new.json': JSON.stringify(after),
    ...files,
  });
  const host = testHost({ cwd: project.path, ...setup });
  await run(['diff', 'old.json', 'new.json', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

describe('evenhand diff', () => {
  it('shows who moves, suggests a harmless way, and exits with 1', async () => {
    const { out, code } = await diff([OLD, 'banner:on'], [HARMFUL, 'banner:off', 'new_one:on']);
    expect(out).toMatchSnapshot();
    expect(code).toBe(1);
  });

  it('prints Markdown', async () => {
    const { out, code } = await diff([OLD], [HARMFUL], ['--markdown']);
    expect(out).toMatchSnapshot();
    expect(code).toBe(1);
  });

  it('prints JSON', async () => {
    const { out } = await diff([OLD], [HARMFUL], ['--json']);
    const parsed: unknown = JSON.parse(out);
    expect(parsed).toMatchSnapshot();
  });

  it('colours only harmful moves red', async () => {
    const { out } = await diff([OLD], [HARMFUL], [], { colour: true });
    expect(out).toContain('\u001b[31m! 5%\u001b[39m');
    expect(out).not.toContain('\u001b[31m10%');
  });

  it('exits with 0 with --allow, or if no one is harmed', async () => {
    expect((await diff([OLD], [HARMFUL], ['--allow'])).code).toBe(0);
    const { out, code } = await diff([OLD], [HARMLESS]);
    expect(code).toBe(0);
    expect(out).not.toContain('Instead');
    expect(out).toContain('10% move to or from parked variants');
  });

  it('ignores differences in writing', async () => {
    const rewritten = { experiments: [{ ...OLD, seed: 'checkout', description: 'the same' }] };
    const { out, code } = await diff([OLD], rewritten);
    expect(out).toBe('1 experiment unchanged\n');
    expect(code).toBe(0);
  });

  it('uses the given parked variants', async () => {
    const { out, code } = await diff([OLD], [HARMFUL], ['--parked', 'inactive, control']);
    expect(code).toBe(0);
    expect(out).toContain('15% move to or from parked variants');
    expect((await diff(['a:on'], ['a:off'], ['--parked', ''])).code).toBe(1);
  });

  it('recognizes a renamed experiment and suggests the old seed', async () => {
    const { out, code } = await diff([OLD], [{ ...OLD, name: 'checkout_2' }]);
    expect(out).toContain('renamed from checkout');
    expect(out).toContain('"seed": "checkout"');
    expect(code).toBe(1);
    const kept = { ...OLD, name: 'checkout_2', seed: 'checkout' };
    expect((await diff([OLD], [kept])).code).toBe(0);
  });

  it('counts real contexts if rules have changed', async () => {
    const shown = [audience({ treatment: 50, control: 50 })];
    const before = { ...OLD, audiences: shown };
    const after = {
      ...OLD,
      audiences: [audience({ treatment: 100 }, 'country == "DE"'), ...shown],
    };
    const rows = (country: string) =>
      Array.from({ length: 40 }, (_, id) => `{"user":{"id":${id}},"country":"${country}"}`).join(
        '\n',
      );
    const files = { 'de.ndjson': rows('DE'), 'se.ndjson': `${rows('SE')}\nbroken` };
    const german = await diff([before], [after], ['--contexts', 'de.ndjson'], { files });
    expect(german.out).toMatch(/40 contexts: [\d.]+% move between shown variants/);
    expect(german.code).toBe(1);
    const swedish = await diff([before], [after], ['--contexts', 'se.ndjson', '--allow'], {
      files,
    });
    expect(swedish.out).toContain('40 contexts: no one moves');
    expect(swedish.out).toContain('line 41: the line is not JSON');
    expect(swedish.code).toBe(1);
  });

  it('finds changed lines in histories of namespaces, and another sampling', async () => {
    const namespace = (history: readonly object[], changes: object = {}) => ({
      experiments: [],
      namespaces: [
        {
          name: 'page',
          unit: 'user.id',
          segments: 100,
          experiments: ['one', 'two'].map((name) => ({
            name,
            variants: [{ name: 'a', values: { x: 1 } }],
          })),
          history,
          ...changes,
        },
      ],
    });
    const one = { add: 'one', segments: 10 };
    const two = { add: 'two', segments: 20 };
    const appended = await diff(namespace([one]), namespace([one, two]));
    expect(appended.out).toContain('new lines in its history: add two (20 segments)');
    expect(appended.out).not.toContain('unchanged');
    expect(appended.code).toBe(0);
    const same = await diff(namespace([one]), namespace([one]));
    expect(same.out).toBe('1 namespace unchanged\n');
    const inserted = await diff(namespace([one]), namespace([two, one]));
    expect(inserted.out).toContain(
      'existing lines of its history were changed (line 1 inserted), which reassigns',
    );
    expect(inserted.code).toBe(1);
    const fast = await diff(namespace([one]), namespace([one], { sampling: 'fast' }));
    expect(fast.out).toMatch(
      /its sampling has changed, which reassigns (1\d|20)% of the segments; restore it/,
    );
    expect(fast.code).toBe(1);
  });

  describe('with changed experiments in a namespace', () => {
    const [script, other] = ['A', 'B'].map(
      (text) => `t = uniformChoice(choices=["${text}"], unit=id);`,
    );
    const variants = [
      { name: 'v', weight: 1, values: { t: 'V' } },
      { name: 'w', weight: 1, values: { t: 'W' } },
    ];
    const plain = {
      inputs: { id: 'user.id' },
      defaults: { t: 'OK' },
      experiments: [
        { name: 'scripted', script },
        { name: 'dealt', variants },
        { name: 'idle', script },
      ],
      history: [
        { add: 'idle', segments: 10 },
        { add: 'scripted', segments: 50 },
        { remove: 'idle' },
        { add: 'second', segments: 20, experiment: 'dealt' },
      ],
    };
    const file = (changes: Partial<typeof plain> = {}) => ({
      experiments: [],
      namespaces: [{ name: 'page', unit: 'user.id', segments: 100, ...plain, ...changes }],
    });
    const [scripted, dealt, idle] = plain.experiments;
    const [first, second] = variants;

    it.each([
      [
        'a changed script',
        { experiments: [{ ...scripted, script: other }, dealt, idle] },
        '"scripted" (50% of the segments): the script has changed; restore the old definition and add the new one under another name',
        1,
      ],
      [
        'a script in place of variants',
        { experiments: [scripted, { name: 'dealt', script }, idle] },
        '"second" (20% of the segments): the script has changed',
        1,
      ],
      [
        'changed weights',
        {
          experiments: [scripted, { ...dealt, variants: [first, { ...second, weight: 3 }] }, idle],
        },
        '"second" (20% of the segments): the variants or their weights have changed; restore the old definition and add the new one under another name',
        1,
      ],
      [
        'changed values',
        {
          experiments: [
            scripted,
            { ...dealt, variants: [first, { ...second, values: { t: 'X' } }] },
            idle,
          ],
        },
        '"second" (20% of the segments): changed values: w',
        0,
      ],
      ['changed inputs', { inputs: { id: 'user.email' } }, 'changed inputs of scripts: id', 1],
      ['changed defaults', { defaults: { t: 'Go' } }, 'changed defaults: t', 0],
    ])('reports %s', async (_what, changes, message, exitCode) => {
      const { out, code } = await diff(file(), file(changes as Partial<typeof plain>));
      expect(out).toContain(`namespace page: ${message}`);
      expect(code).toBe(exitCode);
    });

    it.each([
      [
        'a changed experiment without segments',
        { experiments: [scripted, dealt, { ...idle, script: other }] },
      ],
      ['a new experiment', { experiments: [...plain.experiments, { name: 'new', script: other }] }],
      [
        'a changed experiment that is removed at the end',
        {
          experiments: [{ ...scripted, script: other }, dealt, idle],
          history: [...plain.history, { remove: 'scripted' }, { add: 'scripted', segments: 5 }],
        },
      ],
      ['different spaces', { experiments: [{ ...scripted, script: ` ${script}\n` }, dealt, idle] }],
    ])('accepts %s', async (_what, changes) => {
      const { out, code } = await diff(file(), file(changes as Partial<typeof plain>));
      expect(out).not.toContain('the script has changed');
      expect(code).toBe(0);
    });
  });

  it('escapes rules in Markdown', async () => {
    const rule = '"](http://x) ` @all <img>" == name';
    const after = {
      ...OLD,
      audiences: [audience({ inactive: 100 }, rule), audience({ inactive: 100 })],
    };
    const { out } = await diff([OLD], [after], ['--markdown']);
    expect(out).toContain('`` "](http://x) ` @all <img>" == name ``');
  });

  it.each([
    [['--json', '--markdown'], 'choose one'],
    [['--parked', 'a b'], '--parked takes names'],
    [['--units', '0'], '--units takes a whole number'],
    [['--contexts', 'none.ndjson'], 'none.ndjson'],
  ])('exits with 2 for %j', async (args, message) => {
    const { out, err, code } = await diff([OLD], [HARMFUL], args);
    expect(out + err).toContain(message);
    expect(code).toBe(2);
  });

  it('reports which of the files is invalid', async () => {
    const { err, code } = await diff([OLD], [{ name: 'x' }]);
    expect(err).toContain('new.json');
    expect(code).toBe(2);
  });
});
