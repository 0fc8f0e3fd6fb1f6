import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { runCli } from '../run-cli.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const FIRST = '2026-12-01T09:00:00Z';
const SECOND = '2026-12-08T09:00:00Z';

const split = (percents: Readonly<Record<string, number>>, rule?: string) => ({
  ...(rule !== undefined && { rule }),
  allocations: Object.entries(percents).map(([variant, percent]) => ({ variant, percent })),
});

const VARIANTS = ['short', 'inactive', 'long'].map((name) => ({ name }));

/** The experiment of most tests: nobody takes part at first, then a fifth, then all. */
const CHECKOUT = {
  name: 'checkout',
  identity: 'user.id',
  variants: VARIANTS,
  audiences: [split({ short: 0, inactive: 100, long: 0 })],
  schedule: [
    { at: FIRST, audiences: [split({ short: 10, inactive: 80, long: 10 })] },
    { at: SECOND, audiences: [split({ short: 10, inactive: 0, long: 90 })] },
  ],
};

const SALE = {
  name: 'sale',
  identity: 'user.id',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: [split({ on: 0, off: 100 })],
  schedule: [
    { at: FIRST, audiences: [split({ on: 100, off: 0 })] },
    { at: SECOND, audiences: [split({ on: 0, off: 100 })] },
  ],
};

interface Setup {
  readonly now?: string;
  readonly files?: Readonly<Record<string, unknown>>;
}

const START = '2026-11-30T12:00:00Z';

async function evenhand(args: readonly string[], { now = START, files = {} }: Setup = {}) {
  const given = { 'experiments.config.json': [CHECKOUT, SALE], ...files };
  const project = makeProject(
    Object.fromEntries(
      Object.entries(given).map(([path, data]) => [path, JSON.stringify(data, undefined, 2)]),
    ),
  );
  const host = testHost({ cwd: project.path, now: () => new Date(now) });
  await run(args, host);
  const read = (): unknown => JSON.parse(project.read('experiments.config.json'));
  return { out: host.out(), err: host.err(), code: host.exitCode(), read };
}

const diff = (before: unknown, after: unknown, args: readonly string[] = [], now?: string) =>
  evenhand(['diff', 'old.json', 'new.json', ...args], {
    ...(now !== undefined && { now }),
    files: { 'old.json': before, 'new.json': after },
  });

describe('evenhand explain', () => {
  it.each([
    [[], START, `the first step is at ${FIRST}`],
    [[], FIRST, `in force since ${FIRST}, until ${SECOND}`],
    [['--at', FIRST], START, `in force since ${FIRST}, until ${SECOND}`],
    [['--at', '2026-12-08T10:00:00+01:00'], START, `in force since ${SECOND}, the last step`],
  ])('names the step in force with %j at %s', async (args, now, words) => {
    const { out, code } = await evenhand(
      ['explain', 'checkout', '-c', '{"user":{"id":4}}', ...args],
      { now },
    );
    expect(code).toBe(0);
    expect(out).toContain(`schedule   ${words}\n`);
  });

  it('decides by the audiences of the instant', async () => {
    const { out } = await evenhand(['explain', 'sale', '--at', FIRST, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      variant: 'on',
      schedule: { since: FIRST, next: SECOND },
    });
  });

  it('lets rules read the instant as now', async () => {
    const rule = 'now >= "2026-12-05T00:00:00Z"';
    const audiences = [split({ on: 100 }, rule), split({ off: 100 })];
    const files = { 'experiments.config.json': [{ ...SALE, audiences, schedule: [] }] };
    const variantAt = async (at: string) => {
      const { out } = await evenhand(['explain', 'sale', '--at', at, '--json'], { files });
      return (JSON.parse(out) as { variant?: string }).variant;
    };
    expect([await variantAt(FIRST), await variantAt(SECOND)]).toEqual(['off', 'on']);
  });

  it.each([
    [
      '2026-12-01',
      '--at takes a date and time with a time zone, such as "2026-12-01T09:00:00Z", not "2026-12-01"; did you mean "2026-12-01T00:00:00Z"?',
    ],
    ['now', 'not "now"\n'],
    ['2026-02-30T00:00:00Z', '--at is 2026-02-30T00:00:00Z, but 2026-02 has only 28 days'],
  ])('refuses --at %s', async (at, message) => {
    const { err, code } = await evenhand(['explain', 'sale', '--at', at]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('evenhand simulate', () => {
  it('takes the audiences of the instant', async () => {
    const first = async (args: readonly string[]) => {
      const options = ['-n', '100', '--preview', '1', '--json'];
      const { out } = await evenhand(['simulate', 'sale', ...options, ...args]);
      const { at, preview } = JSON.parse(out);
      return [at, preview[0].variants.sale];
    };
    expect(await first([])).toEqual([START, 'off']);
    expect(await first(['--at', FIRST])).toEqual([FIRST, 'on']);
  });

  it('takes them in each of its threads', async () => {
    const { path: cwd } = makeProject({ 'experiments.config.json': JSON.stringify([SALE]) });
    const args = ['simulate', 'sale', '-n', '100', '--preview', '100', '--workers', '2', '--json'];
    const { stdout } = await runCli([...args, '--at', FIRST], { cwd });
    const { preview } = JSON.parse(stdout);
    const found = preview.map(({ variants }: { variants: object }) => variants);
    expect(found).toEqual(Array.from({ length: 100 }, () => ({ sale: 'on' })));
  });

  it('names the instant if an experiment has a schedule', async () => {
    const args = ['simulate', '-n', '10', '--at', SECOND];
    const { out } = await evenhand(args);
    expect(out).toContain(`audiences in force at ${SECOND}\n`);
    const plain = await evenhand(args, { files: { 'experiments.config.json': ['plain:on'] } });
    expect(plain.out).not.toContain('in force');
  });
});

describe('evenhand rollout', () => {
  it('changes the step in force and says that a later one replaces it', async () => {
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '20', '--write'];
    const { out, read } = await evenhand(args, { now: FIRST });
    expect(out).toContain('short 10% → 20%');
    expect(out).toContain(`  this changes the step at ${FIRST}, which is in force\n`);
    expect(out).toContain(
      `  the schedule replaces these audiences at ${SECOND}; change its later steps too if this change should last\n`,
    );
    const [first, second] = CHECKOUT.schedule;
    const after = split({ short: 20, inactive: 70, long: 10 });
    expect(read()).toEqual([
      { ...CHECKOUT, schedule: [{ ...first, audiences: [after] }, second] },
      SALE,
    ]);
  });

  it('changes the experiment itself before the first step', async () => {
    const args = ['rollout', 'checkout', '--variant', 'short', '--to', '20', '--write', '--json'];
    const { out, read } = await evenhand(args);
    expect(JSON.parse(out)).toMatchObject({ written: true, schedule: { next: FIRST } });
    const after = split({ short: 20, inactive: 80, long: 0 });
    expect(read()).toMatchObject([{ audiences: [after], schedule: CHECKOUT.schedule }, SALE]);
  });
});

describe('evenhand switch', () => {
  it('turns off the step in force and says when the schedule turns it on again', async () => {
    const { out, read } = await evenhand(['switch', 'sale', 'off'], { now: FIRST });
    expect(out).toContain(
      `sale is off\nthis changes the step at ${FIRST}, which is in force\nthe schedule replaces these audiences at ${SECOND}; change its later steps too if this change should last\n`,
    );
    const off = [split({ on: 0, off: 100 })];
    expect(read()).toMatchObject([
      CHECKOUT,
      { audiences: off, schedule: [{ at: FIRST, audiences: off }, SALE.schedule[1]] },
    ]);
  });

  it('reports the place in the schedule with --json', async () => {
    const { out } = await evenhand(['switch', 'sale', 'on', '--json'], { now: SECOND });
    expect(JSON.parse(out)).toEqual({
      switch: 'sale',
      state: 'on',
      changed: true,
      schedule: { since: SECOND },
    });
  });
});

describe('evenhand diff', () => {
  const plain = { ...CHECKOUT, schedule: [] };
  const withSteps = (...schedule: readonly object[]) => ({ ...plain, schedule });

  it('finds harmful moves at a step of the new file, names the step and exits with 1', async () => {
    const crossing = withSteps(
      { at: FIRST, audiences: [split({ short: 50, inactive: 0, long: 50 })] },
      { at: SECOND, audiences: [split({ short: 40, inactive: 0, long: 60 })] },
    );
    const { out, code } = await diff([plain], [crossing]);
    expect(code).toBe(1);
    expect(out).toContain(
      'checkout: no one moves between shown variants\n' +
        `  schedule: new step at ${FIRST}, new step at ${SECOND}\n`,
    );
    expect(out).toContain(
      `checkout: no one moves between shown variants at the step of ${FIRST}\n  allocations: short 0, inactive 100, long 0 → short 50, inactive 0, long 50\n`,
    );
    expect(out).toContain(`checkout: 10% move between shown variants at the step of ${SECOND}\n`);
    const markdown = await diff([plain], [crossing], ['--markdown']);
    expect(markdown.out).toContain(
      `### 🔴 checkout: 10% move between shown variants at the step of ${SECOND}\n`,
    );
    const json = JSON.parse((await diff([plain], [crossing], ['--json'])).out);
    expect(json).toMatchObject({
      harmful: true,
      changed: [{ name: 'checkout', harmful: false }],
    });
    expect(json.timeLine).toContainEqual(
      expect.objectContaining({ at: SECOND, kind: 'step', name: 'checkout', worst: 0.1 }),
    );
    expect((await diff([plain], [crossing], ['--allow'])).code).toBe(0);
  });

  it('leaves out steps that are past, and those that both files have', async () => {
    const { out, code } = await diff([CHECKOUT], [{ ...CHECKOUT, owner: 'shop' }]);
    expect([out, code]).toEqual(['1 experiment unchanged\n', 0]);
    const past = await diff(
      [CHECKOUT],
      [{ ...CHECKOUT, audiences: [split({ long: 100 })] }],
      [],
      SECOND,
    );
    expect([past.out, past.code]).toEqual(['1 experiment unchanged\n', 0]);
  });

  it('compares the audiences in force now', async () => {
    const folded = { ...plain, audiences: CHECKOUT.schedule[1]?.audiences };
    const now = await diff([CHECKOUT], [folded], ['--json'], SECOND);
    expect(JSON.parse(now.out)).toMatchObject({ harmful: false, changed: [{ worst: 0 }] });
    expect(now.code).toBe(0);
  });

  it('finds harmful moves if the new file is deployed only after a step of the old one', async () => {
    const on = { ...SALE, variants: ['a', 'b'].map((name) => ({ name })) };
    const before = { ...on, audiences: [split({ a: 100, b: 0 })], schedule: [] };
    const after = { at: FIRST, audiences: [split({ a: 0, b: 100 })] };
    const { out, code } = await diff([{ ...before, schedule: [after] }], [before]);
    expect(code).toBe(1);
    expect(out).toContain('sale: no one moves between shown variants\n');
    expect(out).toContain(
      `sale: 100% move between shown variants if the new file is deployed after ${FIRST}\n`,
    );
    expect(out).toContain(`To avoid that, deploy the new file before ${FIRST}.\n`);
  });

  it('finds harmful steps of an experiment that is new', async () => {
    const crossing = withSteps(
      { at: FIRST, audiences: [split({ short: 50, inactive: 0, long: 50 })] },
      { at: SECOND, audiences: [split({ short: 40, inactive: 0, long: 60 })] },
    );
    const { out, code } = await diff([], [crossing]);
    expect(code).toBe(1);
    expect(out).toContain('added: checkout\n');
    expect(out).toContain(`10% move between shown variants at the step of ${SECOND}\n`);
  });

  it('counts real contexts at steps whose rules change', async () => {
    const rule = 'country == "NO"';
    const step = { at: FIRST, audiences: [split({ long: 100 }, rule), split({ short: 100 })] };
    const before = { ...plain, audiences: [split({ short: 100 })] };
    const files = {
      'old.json': [before],
      'new.json': [{ ...before, schedule: [step] }],
    };
    const count = async (country: string) => {
      const project = { files: { ...files, 'contexts.ndjson': { user: { id: 1 }, country } } };
      // Pretty-printed JSON is not NDJSON, so the context is given on standard input.
      const host = testHost({
        cwd: makeProject(
          Object.fromEntries(
            Object.entries(files).map(([path, data]) => [path, JSON.stringify(data)]),
          ),
        ).path,
        stdin: JSON.stringify(project.files['contexts.ndjson']),
        now: () => new Date(START),
      });
      await run(['diff', 'old.json', 'new.json', '--contexts', '-', '--json'], host);
      const { timeLine } = JSON.parse(host.out());
      return [host.exitCode(), timeLine[0].contexts.harmful];
    };
    expect(await count('NO')).toEqual([1, 1]);
    expect(await count('DE')).toEqual([0, 0]);
  });

  describe('with experiments that ask for others', () => {
    const contexts = (count: number) =>
      Array.from({ length: count }, (_, id) => JSON.stringify({ user: { id } })).join('\n');
    const simple = (name: string, audiences: object[]) => ({
      name,
      identity: 'user.id',
      variants: [{ name: 'on' }, { name: 'other' }],
      audiences,
    });
    const asking = simple('banner', [
      split({ on: 100 }, 'experiments.offer == "on"'),
      split({ other: 100 }),
    ]);
    const offer = simple('offer', [split({ on: 50, other: 50 })]);
    const counted = async (before: object[], after: object[]) => {
      const project = makeProject({
        'old.json': JSON.stringify(before),
        'new.json': JSON.stringify(after),
        'contexts.jsonl': contexts(400),
      });
      const host = testHost({ cwd: project.path, now: () => new Date(START) });
      await run(['diff', 'old.json', 'new.json', '--contexts', 'contexts.jsonl', '--json'], host);
      const { timeLine = [] } = JSON.parse(host.out()) as {
        timeLine?: { name: string; contexts: { harmful: number; failed: number } }[];
      };
      return timeLine.map(({ name, contexts: seen }) => [name, seen.harmful, seen.failed]);
    };

    it('shows that they move at a step of the other', async () => {
      const stepping = { ...offer, schedule: [{ at: FIRST, audiences: [split({ on: 100 })] }] };
      const moments = await counted([offer, asking], [stepping, asking]);
      const [[, share] = []] = moments;
      expect(share).toBeGreaterThan(0.4);
      expect(moments).toEqual([
        ['offer', share, 0],
        ['offer', share, 0],
        ['banner', share, 0],
        ['banner', share, 0],
      ]);
      expect(await counted([stepping, asking], [stepping, asking])).toEqual([]);
    });

    it('decides a step with now at its instant', async () => {
      const audiences = [split({ on: 100 }, `now >= "${FIRST}"`), split({ other: 100 })];
      const stepping = { ...offer, schedule: [{ at: FIRST, audiences }] };
      const [[, share, failed] = []] = await counted([offer], [stepping]);
      expect(share).toBeGreaterThan(0.4);
      expect(failed).toBe(0);
    });
  });
});

describe('evenhand validate', () => {
  const warnings = async (experiment: object, now: string) => {
    const { out } = await evenhand(['validate', '--json'], {
      now,
      files: { 'experiments.config.json': [experiment] },
    });
    const [{ problems, warnings }] = JSON.parse(out).files;
    expect(problems).toEqual([]);
    return warnings.map(
      ({ code, path, line }: Record<string, unknown>) =>
        `${String(code)} ${String(path)} ${typeof line}`,
    );
  };

  it('warns about steps that came into force more than 30 days ago', async () => {
    expect(await warnings(CHECKOUT, '2026-12-31T00:00:00Z')).toEqual([]);
    expect(await warnings(CHECKOUT, '2027-01-02T00:00:00Z')).toEqual([
      'step-past /0/schedule/0/at number',
    ]);
    expect(await warnings(CHECKOUT, '2027-06-01T00:00:00Z')).toEqual([
      'step-past /0/schedule/1/at number',
    ]);
  });

  it('warns about a step that has the audiences of the one before', async () => {
    const [first, second] = CHECKOUT.schedule;
    const same = { ...CHECKOUT, schedule: [first, { ...first, at: SECOND }] };
    expect(await warnings(same, START)).toContain('step-unchanged /0/schedule/1 number');
    const none = { ...CHECKOUT, schedule: [{ ...second, audiences: CHECKOUT.audiences }] };
    expect(await warnings(none, START)).toContain('step-unchanged /0/schedule/0 number');
  });

  it('warns about rules of steps, and counts the variants of all steps', async () => {
    const step = {
      at: FIRST,
      audiences: [split({ on: 100 }, 'users.id == 1'), split({ off: 100 })],
    };
    const found = await warnings({ ...SALE, identity: 'userId', schedule: [step] }, START);
    expect(found).toEqual([
      'misspelt-name /0/identity number',
      'misspelt-name /0/schedule/0/audiences/0/rule number',
    ]);
    const always = { at: FIRST, audiences: [split({ short: 100 }, 'True'), split({ long: 100 })] };
    expect(await warnings({ ...CHECKOUT, schedule: [always] }, START)).toEqual([
      'rule-constant /0/schedule/0/audiences/0/rule number',
      'audience-unreachable /0/schedule/0/audiences/1 number',
    ]);
    // Without its schedule, two of the variants would be parked.
    expect(await warnings(CHECKOUT, START)).toEqual([]);
  });
});

describe('evenhand usage', () => {
  it('counts an experiment as finished only if no later step splits it', async () => {
    const usage = async (now: string) => {
      const { out } = await evenhand(['usage', '--json', '.'], {
        now,
        files: { 'app.json': {}, 'experiments.config.json': [SALE] },
      });
      return out;
    };
    expect(await usage(FIRST)).not.toContain('everyone gets');
    expect(await usage(SECOND)).toContain('everyone gets off');
  });
});

describe('evenhand types', () => {
  it('does not depend on the schedule', async () => {
    const plain = {
      files: {
        'experiments.config.json': [
          { ...CHECKOUT, schedule: [] },
          { ...SALE, schedule: [] },
        ],
      },
    };
    expect((await evenhand(['types'])).out).toBe((await evenhand(['types'], plain)).out);
  });
});
