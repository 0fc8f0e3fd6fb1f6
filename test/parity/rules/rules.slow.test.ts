import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithOriginals } from '../environment/python.ts';
import { SEED, SEED_VARIABLE } from '../../seed.ts';
import { allCases, casesBeyondCravensworth } from './cases.ts';
import { compareRules } from './comparison.ts';
import { type Answer, Judges } from './judge.ts';
import { NAMED_DIFFERENCES } from './named-differences.ts';

const AGAINST_CRAVENSWORTH = 20_000;
const AGAINST_CPYTHON = 10_000;

/** The errors that Cravensworth and Evenhand must have in common. */
const ERRORS = [
  'syntax',
  'forbidden',
  'name',
  'attribute',
  'type',
  'index',
  'key',
  'zero-division',
  'not-boolean',
];

const names = new Set(NAMED_DIFFERENCES.map(({ name }) => name));

describeWithOriginals('rules, compared with the originals', () => {
  it(`have Cravensworth's result or kind of error (${SEED_VARIABLE}=${SEED})`, async () => {
    const tally = await compareRules({
      cases: allCases,
      judge: 'Cravensworth',
      count: AGAINST_CRAVENSWORTH,
      seed: SEED,
    });
    expect(tally.rules).toBe(AGAINST_CRAVENSWORTH);
    // Otherwise most results could be errors, which would compare little.
    expect(tally.share(true, false)).toBeGreaterThan(0.6);
    expect(tally.share(true)).toBeGreaterThan(0.2);
    expect(tally.share(false)).toBeGreaterThan(0.2);
    for (const code of ERRORS) expect([code, tally.share(code)]).not.toEqual([code, 0]);
    expect(tally.agrees.get('Cravensworth')).toBeGreaterThan(0.8 * AGAINST_CRAVENSWORTH);
    for (const name of tally.names.keys()) expect(names).toContain(name);
  });

  it(`have CPython's result or kind of error beyond Cravensworth's reach (${SEED_VARIABLE}=${SEED})`, async () => {
    const tally = await compareRules({
      cases: casesBeyondCravensworth,
      judge: 'CPython',
      count: AGAINST_CPYTHON,
      seed: SEED,
    });
    expect(tally.rules).toBe(AGAINST_CPYTHON);
    expect(tally.share(true, false)).toBeGreaterThan(0.6);
    expect(tally.share(true)).toBeGreaterThan(0.2);
    expect(tally.share(false)).toBeGreaterThan(0.2);
    expect(tally.agrees.get('CPython')).toBeGreaterThan(0.8 * AGAINST_CPYTHON);
    for (const name of tally.names.keys()) expect(names).toContain(name);
    for (const reason of [
      'set comprehensions',
      'unpacking',
      'attribute names',
      'methods of dicts',
    ]) {
      expect([reason, tally.names.get(reason)]).toEqual([reason, expect.any(Number)]);
    }
  });
});

describeWithOriginals('the differences from the originals that docs/rules.md names', () => {
  let judges: Judges;
  beforeAll(() => {
    judges = new Judges();
  });
  const page = readFileSync(join(__dirname, '../../../docs/rules.md'), 'utf8');

  it.each(NAMED_DIFFERENCES)('exist: $name', async (difference) => {
    const { says, rule, context = {}, json, cravensworth, cpython, ours } = difference;
    const one = json === undefined ? { rule, context } : { rule, context, json };
    expect(page).toContain(says);
    expect(await judges.ask([one], 'both')).toEqual([{ ...one, cravensworth, cpython, ours }]);
  });

  const [, contextBlock] = page.matchAll(/^```json\n(.*?)^```$/gms);
  const table = /^\| rule +\| Python +\| Evenhand .*?\n\n/ms.exec(page)?.[0] ?? '';
  const rows = [...table.matchAll(/^\| `(.*?)` +\| `?(\w+)`? +\| `(.*?)` +\|/gm)];
  const answers = new Map<string, Answer>([
    ['True', true],
    ['False', false],
    ['TypeError', 'type'],
  ]);

  it('fill the 17 rows of the table', () => {
    expect(rows).toHaveLength(17);
  });

  it.each(rows.map(([, rule = '', python = '', ours = '']) => [rule, python, ours]))(
    'match the table: %s is %s in Python, %s here',
    async (rule, python, ours) => {
      const context = {
        ...(JSON.parse(contextBlock?.[1] ?? '') as object),
        nan: Number.NaN,
        other_nan: Number.NaN,
      };
      const [judged] = await judges.ask([{ rule, context }], 'both');
      expect(judged?.ours).toBe(answers.get(ours) ?? ours);
      // One answer depends on how CPython stores texts.
      const pythons = python === 'depends' ? [true, false] : [answers.get(python)];
      expect(pythons).toContain(judged?.cpython);
    },
  );
});

describeWithOriginals('the recorded results of simpleeval 1.0.3', () => {
  it('are those of the installed version', async () => {
    const file = join(__dirname, '../../vectors/rules.json');
    const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly {
      readonly rule: string;
      readonly context: object;
      readonly result?: boolean;
      readonly error?: string;
    }[];
    const judged = await new Judges().ask(vectors, 'Cravensworth');
    const received = judged.map(({ rule, cravensworth }) => [rule, cravensworth]);
    expect(received).toEqual(vectors.map(({ rule, result, error }) => [rule, result ?? error]));
  });
});
