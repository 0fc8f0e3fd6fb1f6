import * as fc from 'fast-check';
import { compileExperiment } from '../../../../src/assignment/experiment.ts';
import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { Assigner, FAILED } from '../../../../src/workbench/simulate/plan/assigner.ts';
import { settleBy } from '../../../../src/workbench/simulate/plan/settle.ts';
import {
  createProbe,
  generateUnits,
} from '../../../../src/workbench/simulate/input/generated-units.ts';
import { bucketOfText } from '../../../../src/hash/bucket.ts';
import { atOnce } from '../../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../../src/specification/specification.ts';
import vectors from '../../../vectors/cravensworth.json' with { type: 'json' };
import { audience, experiment } from '../../../assignment/build.ts';
import { runs } from '../../../runs.ts';

const RULES = [
  'user.id % 3 == 0',
  'country == "DE"',
  'country == "SE" and user.id > 5',
  'True',
  'not (user.id < 4 or country == "DE")',
  'plan == "pro"',
  'user.id > 7 and plan == "pro"',
];

const percents = fc
  .tuple(fc.nat(100), fc.nat(100))
  .map(([a, b]) => audience({ x: Math.min(a, b), y: Math.abs(a - b), z: 100 - Math.max(a, b) }));

const anExperiment = fc
  .record({
    audiences: fc.array(fc.tuple(fc.constantFrom(...RULES), percents), { maxLength: 4 }),
    fallback: percents,
    seed: fc.string({ maxLength: 5 }),
  })
  .map(({ audiences, fallback, seed }) =>
    experiment({
      seed,
      audiences: [...audiences.map(([rule, one]) => ({ ...one, rule })), fallback],
    }),
  );

function compiled(spec: ReturnType<typeof experiment>) {
  const { experiments, rulesOf } = atOnce(specificationSteps([spec], { origin: 'test' }));
  const [first] = experiments;
  if (first === undefined) throw new Error('no experiment');
  return compileExperiment(first, rulesOf(first.name));
}

/** Returns the library's decision; undefined if it throws. */
function decided(spec: unknown, context: object): string | undefined {
  try {
    return parseExperiments([spec], { logger: false }).participant(context).variant('exp');
  } catch {
    return undefined;
  }
}

describe('Assigner', () => {
  it('decides like the library and fails when the library throws', () => {
    const context = fc.record(
      { user: fc.record({ id: fc.nat(10) }), country: fc.constantFrom('DE', 'SE', 'FR') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anExperiment, context, (spec, known) => {
        const assigner = new Assigner(compiled(spec), bucketOfText);
        const cell = assigner.assign(known, 0);
        expect(assigner.cells[cell]?.variant).toBe(decided(spec, known));
        expect(cell === FAILED).toBe(decided(spec, known) === undefined);
      }),
      { numRuns: runs(300) },
    );
  });

  it('decides like the library with 10,000 buckets', () => {
    const shares = fc.tuple(fc.nat(10_000), fc.nat(10_000)).map(([a, b]) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      return { a: first / 100, b: (second - first) / 100, c: (10_000 - second) / 100 };
    });
    fc.assert(
      fc.property(shares, fc.nat(), (percents, id) => {
        const spec = { ...experiment({ audiences: [audience(percents)] }), buckets: 10_000 };
        const assigner = new Assigner(compiled(spec), bucketOfText);
        const context = { user: { id } };
        const cell = assigner.cells[assigner.assign(context, 0)];
        expect(cell?.variant).toBe(decided(spec, context));
        expect(cell?.percent).toBe(percents[(cell?.variant ?? 'a') as 'a']);
      }),
      { numRuns: runs(300) },
    );
  });

  it('adds up percents with decimals exactly', () => {
    const allocations = [
      { variant: 'a', percent: 0.1 },
      { variant: 'b', percent: 99.7 },
      { variant: 'a', percent: 0.2 },
    ];
    const spec = { ...experiment({ audiences: [{ allocations }] }), buckets: 10_000 };
    spec.variants = [{ name: 'a' }, { name: 'b' }];
    const { cells } = new Assigner(compiled(spec), bucketOfText);
    expect(cells.map(({ percent }) => percent)).toEqual([0.3, 99.7]);
  });

  it('decides the same with settled rules', () => {
    fc.assert(
      fc.property(anExperiment, fc.constantFrom('DE', 'SE', undefined), (spec, country) => {
        const base = country === undefined ? {} : { country };
        const plain = new Assigner(compiled(spec), bucketOfText);
        const settled = new Assigner(
          compiled(spec),
          bucketOfText,
          settleBy(createProbe(['user.id'], base)),
        );
        const units = generateUnits(['user.id'], base);
        for (let unit = 0; unit < 12; unit++) {
          expect(settled.assign(units.at(unit), unit)).toBe(plain.assign(units.at(unit), unit));
          expect(settled.failure?.audience).toBe(plain.failure?.audience);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it('decides like Cravensworth', () => {
    const { experiments, rulesOf } = atOnce(
      specificationSteps(vectors.experiments, { origin: 'test' }),
    );
    const assigners = experiments.map(
      (spec) => new Assigner(compileExperiment(spec, rulesOf(spec.name)), bucketOfText),
    );
    for (const { context, variants } of vectors.decisions) {
      const found = assigners.map((assigner) => [
        assigner.experiment.name,
        assigner.cells[assigner.assign(context, 0)]?.variant,
      ]);
      expect(Object.fromEntries(found)).toEqual(variants);
    }
    expect(vectors.decisions).toHaveLength(60);
  });

  it('draws evenly and repeatably for the identity random', () => {
    const spec = experiment({ identity: 'random', audiences: [audience({ a: 30, b: 70 })] });
    const assigner = new Assigner(compiled(spec), bucketOfText);
    const cells = Array.from({ length: 10_000 }, (_, unit) => assigner.assign({}, unit));
    const share = cells.filter((cell) => cell === 0).length / cells.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.03);
    expect(cells.slice(0, 100)).toEqual(
      Array.from({ length: 100 }, (_, unit) => assigner.assign({}, unit)),
    );
  });
});
