/**
 * One decision with a fresh participant, against the same decision written by hand: an `if` and
 * FNV-1a. `npm run bench`.
 */
import { Bench } from 'tinybench';
import { parseExperiments } from '../src/assignment/parse-experiments.ts';
import { report } from './report.ts';

const USERS = 10_000;

/** Half of the users match the first audience. */
const contexts = Array.from({ length: USERS }, (_, i) => ({
  locale: i % 2 === 0 ? 'en-US' : 'fr-CA',
  user: { id: `user-${i}`, plan: i % 3 === 0 ? 'team' : 'pro' },
}));

const snapshot = parseExperiments([
  {
    name: 'experiment_1',
    identity: 'user.id',
    variants: [{ name: 'active' }, { name: 'inactive' }, { name: 'control' }],
    audiences: [
      {
        rule: 'locale == "en-US" and user.plan in ["pro", "team"]',
        allocations: [
          { variant: 'active', percent: 10 },
          { variant: 'inactive', percent: 80 },
          { variant: 'control', percent: 10 },
        ],
      },
      { allocations: [{ variant: 'inactive', percent: 100 }] },
    ],
  },
]);

type Context = (typeof contexts)[number];

function evenhand(context: Context): string | undefined {
  return snapshot.participant(context).variant('experiment_1');
}

/** What somebody in a hurry writes instead; its buckets are others, its shares the same. */
function byHand({ locale, user }: Context): string {
  if (locale !== 'en-US' || (user.plan !== 'pro' && user.plan !== 'team')) return 'inactive';
  const text = `${user.id}experiment_1`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  const bucket = (hash >>> 0) % 100;
  if (bucket < 10) return 'active';
  return bucket < 90 ? 'inactive' : 'control';
}

/** A contestant that does not really decide must not be timed. */
function prove(name: string, decide: (context: Context) => string | undefined): void {
  const counts = new Map<string | undefined, number>();
  for (const context of contexts) {
    const variant = decide(context);
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
  }
  const share = (variant: string) => (counts.get(variant) ?? 0) / (USERS / 2);
  for (const variant of ['active', 'control']) {
    if (Math.abs(share(variant) - 0.1) > 0.02) {
      throw new Error(`${name}: ${variant} has a share of ${share(variant)}, not 0.1`);
    }
  }
}

const bench = new Bench({ name: 'decision', time: 1000 });
for (const [name, decide] of [
  ['by hand, FNV-1a', byHand],
  ['evenhand', evenhand],
] as const) {
  prove(name, decide);
  bench.add(name, () => {
    let length = 0;
    for (const context of contexts) length += decide(context)?.length ?? 0;
    if (length === 0) throw new Error('nothing was decided');
  });
}

await bench.run();
report(bench, USERS);
