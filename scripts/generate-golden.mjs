// Wrote test/vectors/golden.json once: experiments, contexts, and the resulting variants and buckets. It
// never overwrites the file, because a release must not change assignments; see docs/stability.md. To
// add vectors, pass the path of a new file.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const { parseExperiments } = await tsImport(
  '../src/assignment/parse-experiments.ts',
  import.meta.url,
);
const { revive } = await tsImport('../test/golden/revive.ts', import.meta.url);

const path =
  process.argv[2] ?? fileURLToPath(new URL('../test/vectors/golden.json', import.meta.url));
if (existsSync(path)) {
  throw new Error(`${path} exists and must not change; pass the path of a new file`);
}

const percents = (shares, rule) => ({
  ...(rule === undefined ? {} : { rule }),
  allocations: shares.map(([variant, percent]) => ({ variant, percent })),
});
const halves = [
  ['control', 50],
  ['treatment', 50],
];
const experiment = (name, identity, audiences, rest = {}) => ({
  name,
  identity,
  ...rest,
  variants: [
    ...new Set(audiences.flatMap(({ allocations }) => allocations.map((a) => a.variant))),
  ].map((variant) => ({ name: variant })),
  audiences,
});

const experiments = [
  experiment('button', 'user.id', [percents(halves)]),
  experiment('seeded', 'user.id', [percents(halves)], { seed: 'spring-2026' }),
  experiment(
    'same_seed',
    'user.id',
    [
      percents([
        ['a', 10],
        ['b', 90],
      ]),
    ],
    { seed: 'spring-2026' },
  ),
  experiment('unicode_seed', 'user.id', [percents(halves)], { seed: 'Frühling 春 🦉' }),
  experiment('empty_seed', 'user.id', [percents(halves)], { seed: '' }),
  experiment('long_seed', 'user.id', [percents(halves)], { seed: 'seed/'.repeat(60) }),
  experiment('thirds', 'user.id', [
    percents([
      ['a', 33],
      ['b', 33],
      ['c', 34],
    ]),
  ]),
  experiment('canary', 'user.id', [
    percents([
      ['new', 1],
      ['old', 99],
    ]),
  ]),
  experiment('parked', 'user.id', [
    percents([
      ['first', 0],
      ['a', 45],
      ['middle', 0],
      ['b', 55],
      ['last', 0],
    ]),
  ]),
  experiment('grown', 'user.id', [
    percents([
      ['treatment', 10],
      ['control', 70],
      ['treatment', 20],
    ]),
  ]),
  experiment('hundred', 'user.id', [
    percents(Array.from({ length: 100 }, (_, bucket) => [`bucket_${bucket}`, 1])),
  ]),
  experiment('by_tenant', 'tenant.id', [percents(halves)]),
  experiment('by_visitor', 'anonymous', [percents(halves)]),
  experiment('by_flag', 'user.beta', [percents(halves)], { seed: 'flags' }),
  experiment('by_number', 'user.score', [percents(halves)]),
  experiment('by_object', 'account.key', [percents(halves)]),
  experiment('by_item', 'user.roles.0', [percents(halves)]),
  experiment('audiences', 'user.id', [
    percents([['internal', 100]], 'user.email.length > 0 and user.email[-12:] == "@example.com"'),
    percents(
      [
        ['treatment', 80],
        ['control', 20],
      ],
      'user.plan in ["pro", "team"] and 18 <= user.age < 65',
    ),
    percents([
      ['treatment', 5],
      ['control', 95],
    ]),
  ]),
  experiment('arithmetic', 'tenant.id', [
    percents(halves, 'user.age // 10 % 2 == 1 or user.age < -5 // 2'),
    percents([['other', 100]]),
  ]),
  experiment('comprehension', 'anonymous', [
    percents(
      [
        ['admin', 60],
        ['control', 40],
      ],
      '"admin" in [role for role in user.roles if role != ""]',
    ),
    percents(halves),
  ]),
  'search:on',
  'banner:off',
];

/** Returns random numbers by Mulberry32, so that this script creates the same contexts everywhere. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = generator(20_261_123);
const below = (count) => Math.floor(random() * count);
const pick = (...choices) => choices[below(choices.length)];
const hex = (length) => Array.from({ length }, () => below(16).toString(16)).join('');
const some = (chance, value) => (random() < chance ? value : undefined);

const UNICODE = [
  'Zoë',
  '李小龍',
  'Đặng',
  '🦉🦊',
  'עברית',
  'e\u0301',
  '\u00e9',
  '\u{1d4d0}x',
  '\u0000',
  '\n',
];

// Once or a few times is enough, because these never vary.
const SINGLE_IDS = [() => ({ $number: '-0' }), () => '', () => true, () => null];

const ids = [
  () => below(1_000_000),
  () => -below(1000),
  () => 2 ** 53 - 1 - below(1000),
  () => 1e21 + below(10) * 1e20,
  () => ({ $bigint: String(BigInt(below(2 ** 31)) * 12_345_678_901_234_567n) }),
  () => `u_${below(1_000_000)}`,
  () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  () => pick(...UNICODE) + below(1000),
  () => hex(1 + below(400)),
  () => ({ $text: hex(24) }),
  ...SINGLE_IDS,
];
const scores = [
  () => random() * 100,
  () => random() * 1e-5,
  () => random() * 1e20,
  () => -random(),
  () => below(100) / 4,
];

function context(i) {
  const user = {
    // Every kind occurs.
    id: ids[i < ids.length ? i : below(ids.length - SINGLE_IDS.length)](),
    plan: pick('free', 'pro', 'team'),
    age: below(90),
    email: pick('', `person${below(1000)}@example.com`, `${pick(...UNICODE)}@example.org`),
    beta: random() < 0.5,
    score: pick(...scores)(),
    roles: pick([], ['admin'], ['editor', 'admin'], [pick(...UNICODE)]),
  };
  if (random() < 0.05) delete user.age;
  return {
    user,
    tenant: some(0.9, { id: pick(below(1000), `tenant-${below(1000)}`) }),
    anonymous: some(0.95, hex(32)),
    account: some(0.9, {
      key: pick({ $text: hex(24) }, { $bigint: `${below(2 ** 31)}000000000000` }, hex(70)),
    }),
  };
}

const snapshot = parseExperiments(experiments, { logger: false });

function decide(json) {
  const participant = snapshot.participant(revive(json));
  const result = { context: json, variants: {}, buckets: {}, errors: {} };
  for (const { name } of snapshot.experiments) {
    const { variant, bucket } = participant.explain(name);
    if (bucket !== undefined) result.buckets[name] = bucket;
    if (variant !== undefined) result.variants[name] = variant;
    try {
      participant.variant(name);
    } catch (error) {
      result.errors[name] = error.code;
    }
  }
  return result;
}

// Parses the written JSON, so that the decisions belong to exactly these vectors.
const contexts = Array.from({ length: 100 }, (_, i) => JSON.parse(JSON.stringify(context(i))));
const lines = (items) => items.map((item) => JSON.stringify(item)).join(',\n');
writeFileSync(
  path,
  `{"experiments":[\n${lines(experiments)}\n],\n"decisions":[\n${lines(contexts.map(decide))}\n]}\n`,
);
