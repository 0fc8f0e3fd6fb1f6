import { readDocument } from '../../../src/dashboard/change/plan.ts';
import { previewOn } from '../../../src/dashboard/change/preview.ts';
import {
  rampChange,
  replaceChange,
  restartChange,
  switchChange,
} from '../../../src/dashboard/change/requests.ts';
import { shares } from '../../../src/dashboard/change/sentences.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';
import { runHere } from '../../cli/run-here.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { NOW } from '../fixtures/visit.ts';

const TEXT = JSON.stringify(SHOP, null, 2);
const read = () => readDocument({ text: TEXT }, 'store', NOW);
const ramp = (to: number) =>
  rampChange('checkout_steps', { variant: 'one_page', to, audience: 0, from: [] });

afterAll(removeProjects);

describe('previewOn', () => {
  it('says who joins, and that no one sees a different variant', async () => {
    const { sentences, harmful } = await previewOn(await read(), ramp(40));
    expect(harmful).toBe(0);
    expect(sentences).toEqual([
      { tone: 'joins', text: '14.25% of audience 1 join.' },
      { tone: 'good', text: 'No one sees a different variant.' },
      { tone: 'info', text: 'This starts new results. The results so far are kept.' },
      {
        tone: 'info',
        text: '5% of all participants get control anyway: the holdout quarterly holds them out.',
      },
    ]);
  });

  it('says when people see a different variant', async () => {
    const request = rampChange('search_ranking', {
      variant: 'margin',
      to: 65,
      audience: undefined,
      from: [],
    });
    const { sentences, harmful } = await previewOn(await read(), request);
    expect(harmful).toBeCloseTo(0.15, 9);
    expect(sentences[0]).toEqual({ tone: 'bad', text: 'Changes what 15% of all users see.' });
  });

  it('estimates the moves of a new seed', async () => {
    const { sentences, movement } = await previewOn(
      await read(),
      restartChange('gift_wrap', 'two'),
    );
    expect(movement[0]?.comparison.exact).toBe(false);
    expect(sentences[0]?.text).toMatch(/^Changes what about \d+(\.\d+)?% of all users see\.$/);
  });

  it('covers every experiment that a segment changes', async () => {
    const part = { kind: 'segment', name: 'paying' } as const;
    const json = JSON.stringify({ name: 'paying', rule: "user.plan == 'team'" });
    const { movement } = await previewOn(await read(), replaceChange(part, json));
    expect(movement.map(({ experiment }) => experiment)).toEqual([
      'checkout_steps',
      'trade_prices',
    ]);
  });

  it('says what the removal of an experiment does', async () => {
    const part = { kind: 'experiment', name: 'search_ranking' } as const;
    const { sentences, harmful } = await previewOn(await read(), replaceChange(part, undefined));
    expect(harmful).toBe(1);
    expect(sentences).toEqual([
      {
        tone: 'bad',
        text: 'Removes search_ranking. Code that still asks for it gets no variant.',
      },
    ]);
  });

  it('says that an experiment is new', async () => {
    const part = { kind: 'experiment', name: 'new_one' } as const;
    const { sentences, harmful } = await previewOn(
      await read(),
      replaceChange(part, '"new_one:off"'),
    );
    expect(harmful).toBe(0);
    expect(sentences).toEqual([{ tone: 'info', text: 'Adds new_one.' }]);
  });

  it('has no movement for a change that moves nobody', async () => {
    const part = { kind: 'segment', name: 'staff' } as const;
    const json = JSON.stringify({ ...SHOP.segments[1], description: 'People who work here.' });
    const { movement, sentences } = await previewOn(await read(), replaceChange(part, json));
    expect(movement).toEqual([]);
    expect(sentences).toEqual([{ tone: 'good', text: 'No one sees a different variant.' }]);
  });

  it('refuses an invalid result with its problems', async () => {
    const part = { kind: 'experiment', name: 'search_ranking' } as const;
    const json = JSON.stringify({ ...SHOP.experiments[0], identity: 7 });
    await expect(previewOn(await read(), replaceChange(part, json))).rejects.toMatchObject({
      code: 'spec',
      problems: [{ path: '/experiments/0/identity' }],
    });
  });

  it('has the moves of npx evenhand rollout', async () => {
    const { movement } = await previewOn(await read(), ramp(40));
    const project = makeProject({ 'experiments.config.json': TEXT });
    const args = [
      'rollout',
      'checkout_steps',
      '--variant',
      'one_page',
      '--to',
      '40',
      '--audience',
      '1',
    ];
    const { stdout } = await runHere([...args, '--json'], { cwd: project.path });
    const { moves, after } = JSON.parse(stdout) as { moves: unknown; after: unknown };
    expect(moves).toEqual([{ from: 'inactive', to: 'one_page', buckets: 15 }]);
    expect(movement[0]?.after.audiences[0]?.allocations).toEqual(after);
  });

  it('has the figures of npx evenhand diff', async () => {
    const base = await read();
    const preview = await previewOn(base, switchChange('apple_pay', 'on', 'all'));
    const project = makeProject({ 'a.json': TEXT, 'b.json': preview.after.text });
    const { stdout } = await runHere(['diff', 'a.json', 'b.json', '--json'], { cwd: project.path });
    const [told] = (JSON.parse(stdout) as { changed: { movements: object[] }[] }).changed;
    const [move] = preview.movement[0]?.comparison.movements ?? [];
    expect(told?.movements[0]).toMatchObject({ parked: move?.parked, harmful: move?.harmful });
    expect(move && shares(move)).toEqual({ joining: 0.5, leaving: 0 });
  });
});
