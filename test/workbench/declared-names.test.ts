import * as fc from 'fast-check';
import type { Snapshot } from '../../src/assignment/snapshot.ts';
import { holdoutsOf } from '../../src/specification/holdouts.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { findWarnings } from '../../src/cli/files/find-warnings.ts';
import { parseConfig } from '../../src/cli/files/config-file.ts';
import { bucketOfText } from '../../src/hash/bucket.ts';
import { DEFAULT_PARKED } from '../../src/changes/parked.ts';
import {
  diffSpecifications,
  type SpecificationDiff,
} from '../../src/workbench/diff/diff-specifications.ts';
import { thrownMessage } from '../../src/errors/thrown.ts';
import { prepareJob } from '../../src/workbench/simulate/job.ts';
import { type Assigner, FAILED } from '../../src/workbench/simulate/plan/assigner.ts';
import { Assigners } from '../../src/workbench/simulate/plan/assigners.ts';
import { reportUsage } from '../../src/workbench/usage/usage-report.ts';
import { audience, experiment } from '../assignment/build.ts';
import { runs } from '../runs.ts';
import { summarize } from '../../src/workbench/simulate/summary/summary.ts';
import { GO_ON } from './simulate/simulated.ts';

const checkout = experiment({ name: 'checkout' });

/** An experiment whose first audience has the rule. */
const ruled = (rule: string, name = 'follow_up') =>
  experiment({ name, audiences: [audience({ x: 70, y: 30 }, rule), audience({ z: 100 })] });

const paying = (rule: string) => [{ name: 'paying', rule }];

const users = Array.from({ length: 200 }, (_, id) => ({
  user: { id, plan: id % 3 === 0 ? 'pro' : 'free' },
}));

/** Returns the assigner of the first experiment. */
function firstAssigner(snapshot: Snapshot): Assigner {
  const { experiments } = snapshot.setup;
  const [first] = experiments.all;
  if (first === undefined) throw new Error('no experiment');
  const lookUp = {
    experiment: (name: string) => experiments.get(name),
    holdouts: (name: string) => holdoutsOf(snapshot, name),
  };
  return new Assigners(lookUp, bucketOfText).of(first);
}

describe('a simulation with declared names', () => {
  it('gives each unit the variants that a participant gets', () => {
    const rules = [
      'experiments.checkout == "a"',
      'segments.paying and experiments.middle == "x"',
      'segments.paying or experiments.checkout == "b"',
      'experiments.drawn is not None and segments.paying',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.string(), (rule, seed) => {
        const data = {
          segments: paying('user.plan == "pro" and experiments.checkout in ["a", "b"]'),
          experiments: [
            ruled(rule),
            ruled('experiments.checkout == "b"', 'middle'),
            { ...checkout, seed },
            { ...checkout, name: 'drawn', identity: 'random' },
          ],
          holdouts: [
            {
              name: 'winter',
              identity: 'user.id',
              percent: 20,
              experiments: ['checkout', 'middle'],
            },
          ],
        };
        const snapshot = parseExperiments(data);
        const assigner = firstAssigner(snapshot);
        for (const [unit, context] of users.entries()) {
          const cell = assigner.assign(context, unit);
          expect(assigner.cells[cell]?.variant).toBe(
            snapshot.participant(context).variant('follow_up'),
          );
        }
      }),
      { numRuns: runs(40) },
    );
  });

  it('reports units whose other experiment fails', () => {
    const assigner = firstAssigner(
      parseExperiments([
        ruled('experiments.checkout == "x" or experiments.checkout == "y"'),
        ruled('user.nothing == 1', 'checkout'),
      ]),
    );
    for (const unit of [1, 1, 2]) {
      expect(assigner.assign({ user: { id: unit } }, unit)).toBe(FAILED);
      expect(thrownMessage(assigner.failure?.thrown)).toContain('experiment "checkout": ');
    }
  });

  it('decides the other experiment although only one is simulated', async () => {
    const data = {
      segments: paying('experiments.checkout == "a"'),
      experiments: [ruled('segments.paying'), checkout],
    };
    const job = {
      data,
      names: ['follow_up'],
      units: { kind: 'generated', count: 2000, base: {} },
      preview: 0,
      now: 0,
    } as const;
    const prepared = prepareJob(job);
    const summary = summarize(prepared.plan, await prepared.run({ part: 0, of: 1 }, GO_ON));
    const [first, fallback] = summary.experiments[0]?.audiences ?? [];
    // About half of the units are in the first audience.
    expect(first?.units).toBeGreaterThan(900);
    expect(fallback?.units).toBeGreaterThan(900);
    expect((first?.units ?? 0) + (fallback?.units ?? 0)).toBe(2000);
  });

  it('takes linear time for experiments that ask for each other many times', () => {
    const levels = Array.from({ length: 15 }, (_, i) =>
      experiment({
        name: `e${i}`,
        audiences: [
          audience(
            { a: 100 },
            Array(20)
              .fill(`experiments.e${i + 1} == "b"`)
              .join(' or '),
          ),
          audience({ a: 50, b: 50 }),
        ],
      }),
    );
    const assigner = firstAssigner(parseExperiments([...levels, experiment({ name: 'e15' })]));
    expect(assigner.assign({ user: { id: 1 } }, 1)).not.toBe(FAILED);
  });
});

describe('a comparison of specifications with declared names', () => {
  const compare = (before: object, after: object): Promise<SpecificationDiff> => {
    async function* chunks(): AsyncGenerator<string> {
      yield users.map((context) => JSON.stringify(context)).join('\n');
    }
    return diffSpecifications(
      parseExperiments(before),
      parseExperiments(after),
      { units: 1000, parked: new Set(DEFAULT_PARKED) },
      { chunks: chunks(), control: GO_ON },
    );
  };

  it('says that a segment changed, and who moves', async () => {
    const file = (rule: string) => ({
      segments: paying(rule),
      experiments: [ruled('segments.paying'), ruled('user.id > 1', 'other')],
    });
    const { changed, unchanged } = await compare(
      file('user.plan == "pro"'),
      file('user.plan == "free"'),
    );
    expect(unchanged).toBe(1);
    expect(changed.map(({ name, changes }) => [name, changes])).toEqual([
      ['follow_up', ['segment paying changed']],
    ]);
    expect(changed[0]?.comparison.sameRules).toBe(false);
    expect(changed[0]?.contexts?.units).toBe(200);
    expect(changed[0]?.harmful).toBe(true);
  });

  it('says that the other experiment changed, and who moves', async () => {
    const file = (seed: string) => [ruled('experiments.checkout == "a"'), { ...checkout, seed }];
    const { changed } = await compare(file('one'), file('two'));
    expect(changed.map(({ name, changes }) => [name, changes])).toEqual([
      ['follow_up', ['experiment checkout, which its rules ask for, changed']],
      ['checkout', ['seed "one" → "two"']],
    ]);
    const [asking] = changed;
    const snapshots = [file('one'), file('two')].map((data) => parseExperiments(data));
    const variants = users.map((context) =>
      snapshots.map((snapshot) => snapshot.participant(context).variant('follow_up')),
    );
    const moved = variants.filter(([one, two]) => one !== two).length / users.length;
    const { contexts } = asking ?? {};
    const staying = contexts?.rows.map(
      (row, i) => contexts.shares[i]?.[contexts.columns.indexOf(row)] ?? 0,
    );
    expect(1 - (staying ?? []).reduce((sum, share) => sum + share, 0)).toBeCloseTo(moved);
    expect(moved).toBeGreaterThan(0);
  });

  it('says that the other experiment or a segment was removed, which makes it a context value', async () => {
    const asking = ruled('experiments.checkout == "a"');
    const { changed } = await compare([asking, checkout], [asking]);
    expect(changed.map(({ changes }) => changes)).toEqual([
      ['experiment checkout, which its rules ask for, was removed'],
    ]);
    // The contexts have no such value.
    expect(changed[0]).toMatchObject({
      contexts: { failed: 200 },
      comparison: { sameRules: false },
    });
    const using = [ruled('segments.paying')];
    const segmented = { segments: paying('user.plan == "pro"'), experiments: using };
    const removed = await compare(segmented, using);
    expect(removed.changed[0]?.changes).toEqual(['segment paying was removed']);
    const added = await compare(using, segmented);
    expect(added.changed[0]?.changes).toEqual(['segment paying was added']);
  });

  it('moves no one at present because of names that only a later step uses', async () => {
    const plain = ruled('user.id > 1');
    const later = { at: '2999-01-01T00:00:00Z', audiences: ruled('segments.paying').audiences };
    const segments = paying('user.plan == "pro"');
    const { changed } = await compare(
      { segments, experiments: [plain] },
      { segments, experiments: [{ ...plain, schedule: [later] }] },
    );
    expect(changed[0]).toMatchObject({
      changes: ['schedule: new step at 2999-01-01T00:00:00Z'],
      harmful: false,
      comparison: { sameRules: true },
    });
  });

  it('counts those who are held out of the other experiment', async () => {
    const file = (percent: number) => ({
      experiments: [ruled('experiments.checkout == "a"'), checkout],
      holdouts: [{ name: 'winter', identity: 'user.id', percent, experiments: ['checkout'] }],
    });
    const { changed } = await compare(file(0), file(100));
    const [asking] = changed;
    expect([asking?.name, asking?.changes]).toEqual([
      'follow_up',
      ['experiment checkout, which its rules ask for, changed'],
    ]);
    // Everyone is held out, gets the first variant, and so is in the first audience.
    expect(asking?.contexts?.columns).toEqual(['x', 'y']);
    expect(asking?.contexts?.rows).toEqual(['x', 'y', 'z']);
  });

  it('finds no change if only a note differs', async () => {
    const file = (description: string) => ({
      segments: [{ name: 'paying', rule: 'user.plan == "pro"', description }],
      experiments: [
        ruled('segments.paying or experiments.checkout == "a"'),
        { ...checkout, description },
      ],
    });
    expect((await compare(file('one'), file('two'))).changed).toEqual([]);
  });

  it('suggests ranges as for other experiments', async () => {
    const file = (percents: Record<string, number>) => ({
      segments: paying('user.plan == "pro"'),
      experiments: [
        experiment({
          name: 'follow_up',
          audiences: [audience(percents, 'segments.paying'), audience({ a: 100 })],
        }),
      ],
    });
    const { changed } = await compare(file({ a: 20, b: 30, c: 50 }), file({ a: 30, b: 30, c: 40 }));
    expect(changed[0]?.comparison.sameRules).toBe(true);
    expect(changed[0]?.suggestion?.comparison.harm).toBeLessThan(changed[0]?.comparison.harm ?? 0);
  });
});

describe('the usage of experiments that rules ask for', () => {
  it('counts the rules', () => {
    const { experiments } = parseExperiments({
      segments: paying('experiments.checkout == "a"'),
      experiments: [ruled('segments.paying'), checkout],
    });
    const report = reportUsage(experiments, { files: 0, places: [] }, '2026-11-02');
    expect(report.experiments).toEqual([
      { name: 'follow_up', places: [] },
      { name: 'checkout', places: [], askedBy: ['follow_up'] },
    ]);
  });
});

describe('the warnings about declared names', () => {
  const warned = (data: object, used?: readonly string[]): string[] => {
    const config = parseConfig({ origin: 'test', path: undefined, text: JSON.stringify(data) });
    const names = used && { names: new Set(used), computed: 0 };
    return findWarnings(config, { today: '2026-11-02', used: names }).map(
      ({ code, path, message }) => `${code} ${path}: ${message.split('\n', 1)[0]}`,
    );
  };

  const guarded = 'user.is_authenticated and user.plan == "pro"';

  it('are none for a correct file', () => {
    const data = {
      segments: paying(guarded),
      experiments: [
        ruled('segments.paying and experiments.checkout == "a"'),
        { ...checkout, identity: 'anonymous' },
      ],
    };
    expect(warned(data)).toEqual([]);
    expect(warned(data, ['follow_up'])).toEqual([]);
  });

  it('find segments that no audience uses, and constant segments', () => {
    const data = {
      segments: [
        { name: 'unused', rule: guarded },
        { name: 'inner', rule: guarded },
        { name: 'outer', rule: 'segments.inner' },
        { name: 'always', rule: 'segments.never or 1 == 1' },
        { name: 'never', rule: 'user.id == 1 and False' },
        { name: 'text', rule: '"x"' },
      ],
      experiments: [ruled('segments.always and not segments.text')],
    };
    expect(warned(data)).toEqual([
      'segment-unused /segments/0/name: no rule uses the segment "unused"; remove it, unless you plan to use it soon',
      'segment-unused /segments/1/name: only unused segments use the segment "inner"; remove it, unless you plan to use it soon',
      'segment-unused /segments/2/name: no rule uses the segment "outer"; remove it, unless you plan to use it soon',
      'rule-constant /segments/3/rule: this segment is always true; fix its rule, or remove the segment',
      'rule-constant /segments/4/rule: this segment is always false; fix its rule, or remove the segment',
      expect.stringMatching(/^rule-not-boolean \/segments\/5\/rule: /),
      expect.anything(),
    ]);
  });

  it('find mistakes in the rules of segments', () => {
    const data = {
      segments: [{ name: 'new', rule: 'users.id == 1 or app >= "1.10.0"' }],
      experiments: [ruled('segments.new')],
    };
    expect(warned(data).map((line) => line.split(':', 1)[0])).toEqual([
      'text-order /segments/0/rule',
      'misspelt-name /segments/0/rule',
    ]);
  });

  it('find rules that are never true because of a segment', () => {
    const data = {
      segments: [{ name: 'never', rule: 'user.id == 1 and False' }],
      experiments: [ruled('segments.never and user.id == 2')],
    };
    expect(warned(data).map((line) => line.split(':', 1)[0])).toEqual([
      'rule-constant /segments/0/rule',
      'rule-constant /experiments/0/audiences/0/rule',
    ]);
  });

  it('find questions about experiments that are not declared', () => {
    expect(
      warned([ruled('experiments.chekout == "a"'), { ...checkout, identity: 'random' }]),
    ).toEqual([
      'unknown-experiment /0/audiences/0/rule: there is no experiment "chekout", so experiments.chekout is a context value; did you mean "checkout"? If your application provides "experiments", declare it in "context"',
    ]);
  });

  it('find rules of segments that may fail in the declared context', () => {
    const data = {
      context: { properties: { user: { properties: { plan: { type: 'string' } } } } },
      segments: paying('user.plan[0] == "p"'),
      experiments: [ruled('segments.paying')],
    };
    expect(warned(data)).toEqual([expect.stringMatching(/^rule-doubtful \/segments\/0\/rule: /)]);
  });
});
