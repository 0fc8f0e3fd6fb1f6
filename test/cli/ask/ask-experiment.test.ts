import { askExperiment } from '../../../src/cli/ask/ask-experiment.ts';
import { createAsker } from '../../../src/cli/ask/asker.ts';
import { testHost } from '../test-host.ts';

/** Answers the questions; returns the entry and the output. */
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
  it('offers a default for every question', async () => {
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
      'Experiment or switch? (experiment): What should the experiment find out?: ' +
        'Which context value identifies a participant? (user.id): ' +
        'Variants? (control treatment): Percents? (50 50): ' +
        'Rule for who takes part? (empty: everyone): ',
    );
  });

  it('puts every answer into the entry', async () => {
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

  it('returns the shorthand for a switch', async () => {
    expect((await answer('switch', 'on')).entry).toBe('search:on');
  });

  it('explains an invalid answer and asks again', async () => {
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
      'enter a path into the context such as user.id',
      'two variants have the same name',
      'enter names of letters, digits and underscores',
      '--percents takes one number for each variant: expected 2, got 1',
      '--percents sum to 110, not 100; lower one of them by 10',
      'user.plan ==',
    ]) {
      expect(shown).toContain(complaint);
    }
  });

  it('rejects if the input ends before the last answer', async () => {
    await expect(answer('experiment', '')).rejects.toThrow(
      'input ended before all questions were answered; nothing was written',
    );
  });
});
