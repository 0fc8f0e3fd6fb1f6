import { bucketOf } from '../../src/hash/bucket.ts';
import { audience, experiment } from './build.ts';

/** The experiment that the tests explain. */
export const spec = experiment({
  seed: 's1',
  audiences: [
    audience({ a: 100, b: 0 }, 'user.plan == "pro" and 18 <= user.age < 65'),
    audience({ a: 30, b: 70 }, 'country in ["SE", "NO"]'),
    audience({ a: 10, b: 90 }),
  ],
});

/** The bucket of user 7. */
export const bucket = bucketOf(7, 's1');

/** The allocation of an audience that gives `a` so many percent. */
export const half = (percent: number) =>
  bucket < percent
    ? { variant: 'a', from: 0, to: percent - 1 }
    : { variant: 'b', from: percent, to: 99 };
