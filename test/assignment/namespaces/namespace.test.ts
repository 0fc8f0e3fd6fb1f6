import * as fc from 'fast-check';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import {
  defineExperiment,
  SimpleNamespace,
  type SimpleNamespaceOptions,
  weightedChoice,
} from '../../../src/planout/index.ts';
import vectors from '../../vectors/planout.json' with { type: 'json' };
import { runs } from '../../runs.ts';

const VECTOR_SCRIPT = [
  "v = uniformChoice(choices=['a', 'b', 'c'], unit=userid);",
  'w = randomInteger(min=0, max=9, unit=[userid, page]);',
];

type Line =
  | { readonly add: string; readonly segments: number; readonly experiment: string }
  | { readonly remove: string };

/** A namespace in a file of its own. */
function spaceOf(namespace: object) {
  const snapshot = parseExperiments({ experiments: [], namespaces: [namespace] });
  return (context: object) => snapshot.participant(context).namespace('ns');
}

describe('a namespace in the file', () => {
  it.each(vectors.namespaces)(
    'allocates and assigns as the reference: $name',
    ({ name, primaryUnit, segments, history, units }) => {
      const snapshot = parseExperiments({
        experiments: [],
        namespaces: [
          {
            name,
            unit: primaryUnit,
            segments,
            experiments: [{ name: 'any', script: VECTOR_SCRIPT }],
            history: history.map((line) =>
              line.add === undefined
                ? line
                : { add: line.add, segments: line.segments, experiment: 'any' },
            ),
          },
        ],
      });
      for (const { userid, page, segment, experiment, salt, params } of units) {
        const space = snapshot.participant({ userid, page }).namespace(name);
        expect(space.segment).toBe(segment);
        expect(space.experiment ?? null).toBe(experiment);
        expect(space.explain().salt ?? null).toBe(salt);
        expect(space.inExperiment).toBe(experiment !== null);
        expect(space.getParams()).toEqual(params ?? {});
      }
    },
  );

  it('draws variants as a weighted choice of their names', () => {
    const variants = [
      { name: 'plain', weight: 1, values: { text: 'OK', bold: false } },
      { name: 'loud', weight: 3, values: { text: 'BUY' } },
    ];
    const history: Line[] = [{ add: 'first', segments: 10, experiment: 'texts' }];
    const inFile = spaceOf({
      name: 'ns',
      unit: 'user.id',
      segments: 10,
      defaults: { bold: true, size: 1 },
      experiments: [{ name: 'texts', variants }],
      history,
    });
    const inCode = new SimpleNamespace({
      name: 'ns',
      unit: 'id',
      segments: 10,
      setup: (ns) =>
        ns.addExperiment(
          'first',
          defineExperiment({
            name: 'texts',
            assign(params: { variant: string }, { id }: { id: number }) {
              const choices = ['plain', 'loud'];
              params.variant = weightedChoice({ choices, weights: [1, 3], unit: id });
            },
          }),
          10,
        ),
    });
    const counts = { plain: 0, loud: 0 };
    for (let id = 0; id < 400; id++) {
      const params = inFile({ user: { id } }).getParams();
      const variant = inCode.participant({ id }).get('variant') as 'plain' | 'loud';
      const values = variants.find((one) => one.name === variant)?.values;
      expect(params).toEqual({ bold: true, size: 1, variant, ...values });
      counts[variant]++;
    }
    // Of 400 with a share of 1/4, 100 ± 9.
    expect(counts.plain).toBeGreaterThan(65);
    expect(counts.plain).toBeLessThan(135);
  });

  it('draws variants for units of several values, lists among them', () => {
    const space = spaceOf({
      name: 'ns',
      unit: ['user.id', 'tags'],
      segments: 1,
      experiments: [
        { name: 'x', variants: ['a', 'b'].map((name) => ({ name, values: {} })) },
        { name: 'y', script: "variant = uniformChoice(choices=['a', 'b'], unit=[7, 'x', 'y']);" },
      ],
      history: [{ add: 'x', segments: 1 }],
    });
    const drawn = (context: object) => space(context).get('variant');
    expect(['a', 'b']).toContain(drawn({ user: { id: 7 }, tags: ['x', 'y'] }));
    const all = Array.from({ length: 30 }, (_, id) => drawn({ user: { id }, tags: ['x', 'y'] }));
    expect(new Set(all).size).toBe(2);
  });

  describe('after any history', () => {
    const SEGMENTS = 60;
    const STEP = fc.oneof(
      fc.record({ add: fc.nat({ max: 40 }) }),
      fc.record({ remove: fc.nat({ max: 4 }) }),
    );

    /** Returns the possible steps as lines of a file. */
    function linesOf(steps: readonly ({ add: number } | { remove: number })[]): Line[] {
      const present = new Map<string, number>();
      const used = () => [...present.values()].reduce((sum, count) => sum + count, 0);
      return steps.flatMap((step, i): Line[] => {
        if ('remove' in step) {
          const name = [...present.keys()][step.remove];
          if (name === undefined) return [];
          present.delete(name);
          return [{ remove: name }];
        }
        const segments = Math.min(step.add, SEGMENTS - used());
        present.set(`e${i}`, segments);
        return [{ add: `e${i}`, segments, experiment: 'any' }];
      });
    }

    const HISTORY = fc.array(STEP, { maxLength: 12 }).map(linesOf);
    const any = defineExperiment({ name: 'any', assign() {} });

    /** The experiment of each segment. */
    function ownersOf(history: readonly Line[]): (string | undefined)[] {
      const space = spaceOf({
        name: 'ns',
        unit: 'id',
        segments: SEGMENTS,
        experiments: [{ name: 'any', script: '' }],
        history,
      });
      const owners: (string | undefined)[] = Array.from({ length: SEGMENTS });
      // Enough units to meet each segment: one of 60 is missed with a chance of 60 × e^-17.
      for (let id = 0; id < 1000; id++) {
        const { segment = -1, experiment } = space({ id });
        owners[segment] = experiment;
      }
      expect(owners).toHaveLength(SEGMENTS);
      return owners;
    }

    it('has the same segments as a SimpleNamespace', () => {
      fc.assert(
        fc.property(HISTORY, (history) => {
          const setup: SimpleNamespaceOptions['setup'] = (ns) => {
            for (const line of history) {
              if ('remove' in line) ns.removeExperiment(line.remove);
              else ns.addExperiment(line.add, any, line.segments);
            }
          };
          const inCode = new SimpleNamespace({ name: 'ns', unit: 'id', segments: SEGMENTS, setup });
          const owners = ownersOf(history);
          for (const [name, segments] of Object.entries(inCode.allocations())) {
            expect(owners.flatMap((owner, i) => (owner === name ? [i] : []))).toEqual(segments);
          }
        }),
        { numRuns: runs(40) },
      );
    });

    it('gives each experiment as many segments as its line says, and loses none', () => {
      fc.assert(
        fc.property(HISTORY, (history) => {
          const counts = new Map<string, number>();
          for (const line of history) {
            if ('remove' in line) counts.delete(line.remove);
            else counts.set(line.add, line.segments);
          }
          const owners = ownersOf(history).filter((owner) => owner !== undefined);
          for (const [name, count] of counts) {
            expect(owners.filter((owner) => owner === name)).toHaveLength(count);
          }
          expect(owners.every((owner) => counts.has(owner))).toBe(true);
        }),
        { numRuns: runs(40) },
      );
    });

    it('moves no allocated unit by a line at the end; removing an experiment frees only its segments', () => {
      fc.assert(
        fc.property(HISTORY, (history) => {
          const last = history.at(-1);
          fc.pre(last !== undefined);
          const before = ownersOf(history.slice(0, -1));
          const after = ownersOf(history);
          const removed = 'remove' in last ? last.remove : undefined;
          before.forEach((owner, segment) => {
            const expected = owner === removed ? undefined : owner;
            expect(owner === undefined ? undefined : after[segment]).toBe(expected);
          });
        }),
        { numRuns: runs(40) },
      );
    });
  });
});
