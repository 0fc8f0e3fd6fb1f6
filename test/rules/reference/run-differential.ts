import * as fc from 'fast-check';
import { cases, compareBoth } from './compared.ts';

/*
 * Runs the comparison of `differential.test.ts` on any number of rules and counts the results:
 * `npx tsx test/rules/reference/run-differential.ts 1000000 [seed]`. The exit code is 1 if a rule
 * differs.
 */

const [count = 1_000_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const seen = new Map<string, number>();
const start = performance.now();

const result = fc.check(
  fc.property(cases, (one) => {
    const { compiled, walked } = compareBoth(one);
    const kind = walked === undefined ? 'not known to the walk' : (compiled.split(' ')[0] ?? '');
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return walked === undefined || compiled.startsWith('limit') || compiled === walked;
  }),
  { numRuns: count, seed },
);

const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${result.numRuns} rules in ${seconds} s, seed ${seed}`);
for (const [kind, times] of [...seen].toSorted((a, b) => b[1] - a[1])) {
  console.log(`${((100 * times) / result.numRuns).toFixed(2).padStart(6)} %  ${kind}`);
}
if (result.failed) {
  console.log(JSON.stringify(result.counterexample, null, 2));
  for (const [one] of [result.counterexample ?? []]) if (one) console.log(compareBoth(one));
  process.exitCode = 1;
}
