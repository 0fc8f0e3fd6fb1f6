import type { Results } from '../results.ts';
import { distancesChart, flippedChart } from './avalanche.ts';
import { bitMap } from './bit-map.ts';
import { pValuesChart } from './p-values.ts';
import { sharesChart } from './shares.ts';

/** The bits of an ASCII character. Each is flipped in each text. */
const BITS_PER_CHARACTER = 7;

/** The pictures of docs/randomness.md, by file name. */
export const CHARTS: ReadonlyMap<string, (results: Results) => string> = new Map([
  ['shares.svg', sharesChart],
  [
    'p-uniformity.svg',
    ({ families }) =>
      pValuesChart(
        'Are the buckets even?',
        families.map(({ uniformity }) => uniformity),
      ),
  ],
  [
    'p-pairs.svg',
    ({ families }) =>
      pValuesChart(
        'Are two seeds independent?',
        families.map(({ pairs }) => pairs),
      ),
  ],
  [
    'p-order.svg',
    ({ families }) =>
      pValuesChart(
        'Does an id predict later ids?',
        families.map(({ order }) => order.serial),
      ),
  ],
  ['flipped.svg', ({ flips }) => flippedChart(flips)],
  ['distances.svg', ({ flips }) => distancesChart(flips)],
  ['bits.svg', ({ bitFlips, amounts }) => bitMap(bitFlips, amounts.texts * BITS_PER_CHARACTER)],
  [
    'p-planout.svg',
    ({ operators, units }) =>
      pValuesChart(
        'Do PlanOut’s operators draw the expected shares?',
        [...operators, ...units].map(({ shares }) => shares),
      ),
  ],
]);
