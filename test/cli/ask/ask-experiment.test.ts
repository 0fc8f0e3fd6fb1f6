import { askExperiment } from '../../../src/cli/ask/ask-experiment.ts';
import { createAsker } from '../../../src/cli/ask/asker.ts';
import { testHost } from '../test-host.ts';

/** What comes of these answers, and what was shown. */
async function answer(...lines: readonly string[]) {
  const host = testHost({
    cwd: '/',
    isTTY: true,
    stdin: lines.map((line) => `${line}\n`).join(''),
  });
  const asker = createAsker(host);
  try {
    return { entry: await askExperiment(asker, 'search'), shown: host.out() };
  } finally {
    asker.close();
  }
}

describe('askExperiment', () => {
  it('offers what most will want', async () => {
    const { entry, shown } = await answer('', '', '', '', '', '');
    expect(entry).toEqual({
      name: 'search',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'treatment' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 50 },
            { variant: 'treatment', percent: 50 },
          ],
        },
      ],
    });
    expect(shown).toBe(
      'experiment or switch? (experiment): what is it to find out?: ' +
        'what tells participants apart? (user.id): variants? (control treatment): ' +
        'percents? (50 50): who takes part? a rule; nothing for everybody: ',
    );
  });

  it('takes each answer', async () => {
    const { entry } = await answer(
      'experiment',
      'Does it help?',
      'tenant.id',
      'a, b, c',
      '10 20 70',
      'user.plan == "pro"',
    );
    expect(entry).toEqual({
      name: 'search',
      description: 'Does it help?',
      identity: 'tenant.id',
      variants: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      audiences: [
        {
          rule: 'user.plan == "pro"',
          allocations: [
            { variant: 'a', percent: 10 },
            { variant: 'b', percent: 20 },
            { variant: 'c', percent: 70 },
          ],
        },
        { allocations: [{ variant: 'a', percent: 100 }] },
      ],
    });
  });

  it('makes a switch', async () => {
    expect((await answer('switch', 'on')).entry).toBe('search:on');
  });

  it('asks again until an answer will do, and says what is wrong', async () => {
    const { entry, shown } = await answer(
      'test',
      '',
      '',
      'user id',
      '',
      'a a',
      'a-b',
      'a b',
      '50',
      '50 60',
      '100 0',
      'user.plan ==',
      '',
    );
    expect(entry).toMatchObject({ variants: [{ name: 'a' }, { name: 'b' }] });
    for (const complaint of [
      'answer experiment or switch',
      'a path in the context, such as user.id',
      'each variant needs a name of its own',
      'names of letters, digits and underscores',
      '--percents takes one number for each variant: 2, not 1',
      '--percents sum to 110, not 100',
      'user.plan ==',
    ]) {
      expect(shown).toContain(complaint);
    }
  });

  it('gives up where no answer comes any more', async () => {
    await expect(answer('experiment', '')).rejects.toThrow(
      'no answer came, so nothing was written',
    );
  });
});
