import { liveBoard } from '../../../src/dashboard/results/live-board.ts';
import type { Split } from '../../../src/exposures/split-watch/watched-audience.ts';

const split = (experiment: string, audience: number) => ({ experiment, audience }) as Split;

it('gives each experiment the splits of its audiences, and reads them once a second', () => {
  let now = 0;
  let reads = 0;
  const all = [split('a', 0), split('b', 0), split('a', 1)];
  const splits = () => {
    reads++;
    return all;
  };
  const board = liveBoard({ splits, since: '2026-11-30T07:12:00Z', now: () => now });
  expect(board.liveSplitsOf('a').map(({ audience }) => audience)).toEqual([0, 1]);
  expect(board.liveSplitsOf('b')).toHaveLength(1);
  expect(board.liveSplitsOf('c')).toEqual([]);
  expect(reads).toBe(1);
  now = 1000;
  all.push(split('c', 0));
  expect(board.liveSplitsOf('c')).toHaveLength(1);
  expect(board.liveSplitsOf('a')).toHaveLength(2);
  expect(reads).toBe(2);
});

it('has no results', () => {
  const board = liveBoard({ splits: () => [], since: '2026-11-30T07:12:00Z', now: () => 0 });
  expect([board.hasEngine, board.resultOf('a').kind, board.sqlOf('a')]).toEqual([
    false,
    'off',
    undefined,
  ]);
});
