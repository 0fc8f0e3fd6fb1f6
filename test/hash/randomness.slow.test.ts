import { createHash } from 'node:crypto';
import { bitAvalancheOf } from '../../research/randomness/avalanche.ts';
import { drawnTexts } from '../../research/randomness/changes.ts';
import { type Dealing, deal, dealt } from '../../research/randomness/deal.ts';
import { FAMILIES, type Family } from '../../research/randomness/families.ts';
import {
  type Amounts,
  BIT_LENGTHS,
  measureBits,
  measureChanges,
  measureFamily,
  measureOperator,
  measureSegments,
  measureUnits,
} from '../../research/randomness/measure.ts';
import { bonferroni, type PSummary } from '../../research/randomness/p-values.ts';
import { OPERATORS } from '../../research/randomness/planout-draws.ts';
import { SEED_COUNT, SEEDS } from '../../research/randomness/seeds.ts';
import {
  coarsened,
  crossTable,
  pairTest,
  runsTest,
  serialCorrelation,
} from '../../research/randomness/sequences.ts';
import { BUCKETS, bucketOf } from '../../src/hash/bucket.ts';
import vector from '../vectors/independence.json' with { type: 'json' };

/**
 * Measures like `npm run randomness`, with smaller amounts. Ids, seeds and draws are always the
 * same.
 */
const SMALL: Amounts = {
  ids: 5000,
  idsInPairs: 5000,
  changes: 1000,
  texts: 200,
  units: 4000,
  namespaces: 300,
  participants: 1,
};

/**
 * The amounts for ids that are too long for WebAssembly. Hashing them takes much longer under Jest.
 */
const SMALLER: Amounts = { ...SMALL, ids: 200, idsInPairs: 200, changes: 100 };

const amountsFor = ({ name }: Family): Amounts => (name === '2,000 characters' ? SMALLER : SMALL);

/** Ten of the hundred seeds, with some of each kind. */
const SEEDS_HERE = SEEDS.filter((_, i) => i % 10 === 0);

/** The level that chance does not reach in this many tests. The results are fixed, and above it. */
const FAIR = 0.001;

/** The level that only a fault reaches. */
const FAULT = 1e-9;

const corrected = ({ worst, tests }: PSummary) => bonferroni(worst, tests);

/** Returns the p-values of all measurements of a family. */
function psOf(
  family: Family,
  dealing?: Dealing,
  amounts = amountsFor(family),
): Record<string, number> {
  const { result } = measureFamily(family, SEEDS_HERE, amounts, dealing);
  return {
    uniformity: corrected(result.uniformity),
    uniformityTotal: result.uniformity.total,
    pairs: corrected(result.pairs),
    pairsTotal: result.pairs.total,
    serial: corrected(result.order.serial),
    runs: corrected(result.order.runs),
    correlation: corrected(result.order.correlation),
  };
}

const family = (name: string): Family => {
  const found = FAMILIES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no family "${name}"`);
  return found;
};

/** The 32-bit hash of G. Fowler, L. C. Noll and K.-P. Vo, as it is often written. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The hash of Fowler, Noll and Vo with 64 bits. */
function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash;
}

describe('the seeds', () => {
  it('are a hundred, all different', () => {
    expect(SEEDS).toHaveLength(SEED_COUNT);
    expect(new Set(SEEDS).size).toBe(SEED_COUNT);
  });
});

describe('the ids', () => {
  it.each(FAMILIES)('of the kind "$name" are the same each time, and all different', (family) => {
    const some = () => {
      const idAt = family.ids();
      return Array.from({ length: 2000 }, (_, place) => idAt(place));
    };
    expect(some()).toEqual(some());
    expect(new Set(some()).size).toBe(2000);
  });

  it('are ten million of each usual kind, and ten million that resemble each other', () => {
    const usual = FAMILIES.filter(({ adversarial }) => !adversarial);
    expect(usual.map(({ count }) => count)).toEqual(usual.map(() => 10_000_000));
    const others = FAMILIES.filter(({ adversarial }) => adversarial);
    expect(others.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(10_000_000);
  });

  it('have the form they stand for', () => {
    const third = (name: string) => family(name).ids()(2);
    const uuid = (version: number) =>
      new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);
    expect(third('UUID v4')).toMatch(uuid(4));
    expect(third('UUID v7')).toMatch(uuid(7));
    expect(third('e-mail')).toMatch(/^[a-z]+\.[a-z]+\d+@[a-z.]+$/);
    expect(third('tracking key')).toMatch(/^[0-9a-f]{32}$/);
    expect(third('ObjectId')).toMatch(/^[0-9a-f]{24}$/);
    expect(third('500 characters')).toHaveLength(500);
    expect(third('beyond ASCII')).toMatch(/[^\0-\x7f]/);
  });
});

describe('the measured dealing', () => {
  it('is the dealing of experiments', () => {
    for (const seed of SEEDS) {
      const dealer = dealt(seed);
      for (const { ids } of FAMILIES) {
        const id = ids()(0);
        expect(dealer(id)).toBe(bucketOf(id, seed));
      }
    }
  });
});

describe.each(FAMILIES)('ids of the kind "$name"', (family) => {
  it('are dealt evenly, and independently of seeds and of each other', () => {
    for (const p of Object.values(psOf(family))) expect(p).toBeGreaterThan(FAIR);
  });

  it('get an unrelated hash and bucket if one character changes in them or in the seed', () => {
    const amounts = amountsFor(family);
    const some = { ...family, count: Math.min(family.count, amounts.ids) };
    for (const { result } of measureChanges(some, SEEDS_HERE, amounts)) {
      expect(corrected(result.tests)).toBeGreaterThan(FAIR);
      expect(result.total).toBeGreaterThan(FAIR);
      expect(Math.abs(result.mean - 0.5)).toBeLessThan(0.02);
    }
  });
});

describe('texts of', () => {
  it.each(BIT_LENGTHS)('%d characters get an unrelated hash if one bit changes', (length) => {
    const { summary } = measureBits(length, SMALL);
    expect(corrected(summary.tests)).toBeGreaterThan(FAIR);
    expect(summary.total).toBeGreaterThan(FAIR);
  });
});

describe('PlanOut’s', () => {
  it.each(OPERATORS.map(({ name, asked }, index) => ({ name, asked, index })))(
    '$name ($asked) draws the shares, independently under each salt',
    ({ index }) => {
      const units = { ids: () => String, count: SMALL.units };
      const salts = SEEDS_HERE.filter((seed) => seed !== '');
      const result = measureOperator(index, salts, units);
      expect(result?.shares.tests).toBe(salts.length);
      expect(result && corrected(result.shares)).toBeGreaterThan(FAIR);
      expect(result?.total).toBeGreaterThan(FAIR);
      expect(result?.pairs ? corrected(result.pairs) : 1).toBeGreaterThan(FAIR);
    },
  );

  it.each(FAMILIES)('randomInteger draws evenly for units of the kind "$name"', (family) => {
    const result = measureUnits(family, SEEDS_HERE, 2000);
    expect(result && corrected(result.shares)).toBeGreaterThan(FAIR);
    expect(result?.total).toBeGreaterThan(FAIR);
  });

  it('namespaces give experiments each segment equally often', () => {
    expect(corrected(measureSegments(SMALL))).toBeGreaterThan(FAIR);
  });
});

describe('the tests detect', () => {
  const sequential = family('sequential');

  it('FNV-1a modulo 100, with numbered ids', () => {
    const ps = psOf(sequential, (seed) => (id) => fnv1a(id + seed) % BUCKETS);
    expect(Math.min(...Object.values(ps))).toBeLessThan(FAULT);
  });

  it('a checksum', () => {
    const sum = (text: string) => Buffer.from(text).reduce((all, byte) => all + byte, 0);
    const ps = psOf(sequential, (seed) => (id) => sum(id + seed) % BUCKETS);
    expect(ps['uniformity']).toBeLessThan(FAULT);
    expect(ps['pairs']).toBeLessThan(FAULT);
    expect(ps['serial']).toBeLessThan(FAULT);
  });

  it('a hash that forgets the seed', () => {
    const forgetful: Dealing = () => (id) => bucketOf(id, '');
    const { result } = measureFamily(sequential, SEEDS_HERE, SMALL, forgetful);
    expect(corrected(result.pairs)).toBeLessThan(FAULT);
    expect(result.pairs.largestStrength).toBeCloseTo(1, 10);
    // The same buckets under all seeds are even under each seed.
    expect(corrected(result.uniformity)).toBeGreaterThan(FAIR);
  });

  it('a seed that only moves the buckets along', () => {
    const ps = psOf(
      sequential,
      (seed) => (id) => (bucketOf(id, '') + bucketOf(seed, '')) % BUCKETS,
    );
    expect(ps['pairs']).toBeLessThan(FAULT);
    expect(ps['uniformity']).toBeGreaterThan(FAIR);
  });

  it('a hash that only reads the end of the id', () => {
    const short: Dealing = (seed) => (id) => bucketOf(id.slice(-4), seed);
    expect(psOf(family('zero-padded'), short)['uniformityTotal']).toBeGreaterThan(FAIR);
    expect(psOf(family('long suffix'), short)['uniformity']).toBe(0);
  });

  it('a counter, which is too even', () => {
    const ps = psOf(sequential, () => (id) => Number(id) % BUCKETS);
    expect(ps['uniformity']).toBe(1);
    expect(ps['uniformityTotal']).toBe(0);
    expect(ps['serial']).toBeLessThan(FAULT);
  });

  it('one byte modulo 100', () => {
    const byte: Dealing = (seed) => (id) =>
      (createHash('sha256')
        .update(id + seed)
        .digest()[0] ?? 0) % BUCKETS;
    expect(psOf(sequential, byte)['uniformity']).toBeLessThan(FAULT);
  });

  it('half of one bucket moved to the next', () => {
    const shifted: Dealing = (seed) => (id) => {
      const bucket = bucketOf(id, seed);
      return bucket === 7 && Number(id) % 2 === 0 ? 8 : bucket;
    };
    const more = { ...SMALL, ids: 20_000 };
    expect(psOf(sequential, shifted, more)['uniformityTotal']).toBeLessThan(FAULT);
  });

  it('64 bits of FNV-1a, by its avalanche', () => {
    const [ofId, ofSeed] = measureChanges(
      { ...sequential, count: 5000 },
      SEEDS_HERE,
      { ...SMALL, changes: 5000 },
      fnv1a64,
    );
    expect(ofId && corrected(ofId.result.tests)).toBeLessThan(FAULT);
    expect(ofSeed && corrected(ofSeed.result.tests)).toBeLessThan(FAULT);
    const { summary } = bitAvalancheOf(fnv1a64, drawnTexts(12, SMALL.texts));
    expect(corrected(summary.tests)).toBeLessThan(FAULT);
    expect(summary.lowest).toBe(0);
  });
});

describe('the test of two seeds', () => {
  /**
   * The hash of the vectors: the first 15 hexadecimal digits of MD5, of which the last bit decides.
   */
  const byMd5: Dealing = (seed) => (id) => {
    const digits = createHash('md5').update(`${id}|${seed}`).digest('hex').slice(0, 15);
    return Number(BigInt(`0x${digits}`) % 2n);
  };
  const users = { ids: () => String, count: 10_000 };

  const dealtUnder = (...seeds: readonly string[]) => {
    const { kept } = deal(users, byMd5, { seeds, keep: users.count, buckets: 2 });
    const [first, second] = kept.map((sequence) => coarsened(sequence, 2));
    if (first === undefined || second === undefined) throw new Error('two seeds were given');
    return { first, second };
  };

  it('counts like the vectors', () => {
    const { first, second } = dealtUnder('color', 'size');
    const counts = crossTable(first.sequence, second.sequence, 2);
    const named = counts.flatMap((row, i) =>
      row.map((count, j) => [`${vector.color[i]},${vector.size[j]}`, count] as const),
    );
    expect(Object.fromEntries(named)).toEqual(vector.crosstab10000);
  });

  it('distinguishes two seeds from one used twice', () => {
    const two = dealtUnder('color', 'size');
    expect(pairTest(two.first, two.second)?.p).toBeGreaterThan(FAIR);
    const one = dealtUnder('color', 'color');
    expect(pairTest(one.first, one.second)).toMatchObject({ strength: 1, p: 0 });
  });
});

describe('few ids', () => {
  it('are tested by as many classes of neighbouring buckets as they can fill', () => {
    const classesOf = (ids: number) => coarsened(new Uint8Array(ids), BUCKETS).classes;
    expect([1_000_000, 100_000, 99_999, 25_000, 5000, 1000, 90, 1].map(classesOf)).toEqual([
      100, 100, 50, 50, 20, 10, 2, 2,
    ]);
    const { sequence } = coarsened(
      Uint8Array.from({ length: 5000 }, (_, i) => i % BUCKETS),
      BUCKETS,
    );
    expect(Array.from(sequence).slice(0, 11)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);
  });
});

describe('runsTest', () => {
  const sequence = (of: (i: number) => number) => Uint8Array.from({ length: 400 }, (_, i) => of(i));

  it('finds too many runs, too few, and only one', () => {
    expect(
      runsTest(
        sequence((i) => (i % 2) * 99),
        50,
      ),
    ).toBeLessThan(FAULT);
    expect(
      runsTest(
        sequence((i) => Math.floor(i / 50) * 12),
        50,
      ),
    ).toBeLessThan(FAULT);
    expect(
      runsTest(
        sequence(() => 3),
        50,
      ),
    ).toBe(0);
  });

  it('accepts as many runs as chance gives', () => {
    // Half of all neighbours differ.
    expect(
      runsTest(
        sequence((i) => ((i >> 1) % 2) * 99),
        50,
      ),
    ).toBeGreaterThan(0.5);
  });
});

describe('serialCorrelation', () => {
  it('measures the correlation of neighbours', () => {
    const sequence = Uint8Array.from({ length: 1000 }, (_, i) => i % 2);
    expect(serialCorrelation(sequence).r).toBeCloseTo(-1, 2);
    expect(serialCorrelation(sequence).p).toBeLessThan(FAULT);
    expect(serialCorrelation(new Uint8Array(10)).r).toBe(1);
  });
});
