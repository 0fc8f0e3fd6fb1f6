import { sha1 } from '../../../src/hash/sha1.ts';
import { SegmentPool } from '../../../src/planout/namespaces/segment-pool.ts';

/**
 * Made with CPython 3.11.7: of `set(range(count))`, in each step every `stride`-th of `list(set)` is
 * taken out, `take` at most, and of all that are out the first `give` are put back. At the end, the
 * set's size and the SHA-1 of its elements in order, with commas.
 */
const SETS: readonly (readonly [number, readonly (readonly number[])[], number, string])[] = [
  [
    10,
    [
      [6, 2, 3],
      [6, 1, 1],
      [1, 3, 0],
      [1, 1, 1],
      [1, 4, 1],
      [1, 1, 8],
    ],
    9,
    'd30b7c2e5892e35fe9fbe3f37d46c932d0319c27',
  ],
  [
    10,
    [
      [7, 1, 1],
      [1, 6, 0],
      [2, 1, 3],
      [1, 5, 2],
      [3, 4, 2],
      [1, 5, 2],
    ],
    6,
    'aa014836f0c6783a63151ed22392f96459b35d92',
  ],
  [
    10,
    [
      [9, 6, 0],
      [1, 5, 1],
      [3, 1, 4],
      [2, 5, 0],
      [5, 2, 7],
      [9, 4, 2],
    ],
    9,
    '76d6b29e932d1b01fbccfc6ec108124e8a2fe158',
  ],
  [
    30,
    [
      [15, 5, 3],
      [12, 3, 3],
      [6, 6, 12],
      [8, 1, 9],
      [10, 5, 3],
      [11, 6, 7],
    ],
    29,
    'f7cac0ef4f9d1fd8116edd45bebe1886aeb766ff',
  ],
  [
    30,
    [
      [10, 5, 0],
      [4, 5, 6],
      [6, 3, 2],
      [16, 4, 0],
      [11, 1, 24],
      [18, 5, 5],
    ],
    28,
    '9c1731a6f92b50d048e304ce73efc96b03324cc8',
  ],
  [
    30,
    [
      [11, 6, 2],
      [20, 4, 9],
      [26, 4, 1],
      [3, 3, 7],
      [23, 6, 1],
      [2, 6, 4],
    ],
    24,
    '9403b6152da2da2204af0cb051dc1efcfd944e36',
  ],
  [
    100,
    [
      [83, 5, 14],
      [37, 6, 12],
      [86, 3, 1],
      [30, 3, 10],
      [40, 1, 63],
      [8, 2, 18],
    ],
    83,
    'b96ce09259d2f0d7116d18946939e528dfc0e291',
  ],
  [
    100,
    [
      [17, 6, 7],
      [51, 4, 31],
      [11, 2, 7],
      [52, 5, 8],
      [18, 4, 35],
      [36, 6, 13],
    ],
    96,
    'aa1f3d9363250ba384f6e6b2783a9c6d9e84dad0',
  ],
  [
    100,
    [
      [46, 6, 12],
      [30, 2, 5],
      [23, 2, 14],
      [43, 2, 1],
      [16, 5, 23],
      [17, 3, 0],
    ],
    31,
    '8367a409f401b0ec080589a603a5aeef00b33499',
  ],
  [
    1000,
    [
      [150, 4, 136],
      [379, 5, 144],
      [327, 2, 353],
      [880, 5, 158],
      [671, 6, 189],
      [56, 4, 87],
    ],
    990,
    '89810caa4b43f44f88b95e94c406a40f4a1305d1',
  ],
  [
    1000,
    [
      [818, 5, 100],
      [408, 4, 201],
      [107, 4, 162],
      [411, 1, 97],
      [69, 2, 225],
      [167, 1, 174],
    ],
    780,
    'a3d3b4c7e04eb0be17a253f4b2ef7cc5952d72ad',
  ],
  [
    1000,
    [
      [616, 1, 104],
      [1, 5, 154],
      [550, 1, 372],
      [315, 1, 72],
      [54, 5, 385],
      [153, 6, 258],
    ],
    725,
    'a98d7f5be1664aa0eeba7085e772fba4f874c62b',
  ],
  [
    3000,
    [
      [1423, 5, 372],
      [1943, 1, 472],
      [1000, 4, 983],
      [991, 3, 175],
      [296, 1, 1535],
      [1404, 6, 271],
    ],
    2536,
    'f9f812816e57f94a7fe9d84b856dc52d11805413',
  ],
  [
    3000,
    [
      [1961, 6, 82],
      [2115, 1, 840],
      [1082, 3, 600],
      [1414, 5, 55],
      [1082, 3, 372],
      [535, 5, 1502],
    ],
    2455,
    '065afe16595b959822d4265ce8920a387d9bb27b',
  ],
  [
    3000,
    [
      [685, 3, 228],
      [2182, 5, 797],
      [2060, 3, 456],
      [800, 2, 820],
      [929, 2, 1060],
      [2019, 3, 59],
    ],
    1721,
    '2862ca3c5d0dba8aa1e2fe784b8061c44a73e314',
  ],
];

describe('SegmentPool', () => {
  it.each(SETS)('has the order of a Python set: %i segments, %j', (count, steps, size, digest) => {
    const pool = new SegmentPool(count);
    let out: number[] = [];
    for (const [take = 0, stride = 1, give = 0] of steps) {
      const taken = pool
        .list()
        .filter((_, i) => i % stride === 0)
        .slice(0, take);
      for (const segment of taken) pool.remove(segment);
      out.push(...taken);
      for (const segment of out.slice(0, give)) pool.add(segment);
      out = out.slice(give);
    }
    expect(pool.size).toBe(size);
    expect(sha1(pool.list().join(','))).toBe(digest);
  });

  it('is sorted until a segment is freed', () => {
    for (const count of [1, 4, 5, 10, 77, 1000, 60_000]) {
      const pool = new SegmentPool(count);
      const all = Array.from({ length: count }, (_, segment) => segment);
      expect(pool.list()).toEqual(all);
      for (const segment of all.filter((one) => one % 3 === 0)) pool.remove(segment);
      expect(pool.list()).toEqual(all.filter((one) => one % 3 !== 0));
    }
  });
});
