import * as fc from 'fast-check';
import { defineExperiment, SimpleNamespace } from '../../../src/planout/index.ts';

const experiment = defineExperiment({ name: 'any', assign() {} });

type Step = { readonly add: number } | { readonly remove: number };

/** A line of a history: the segments of a new experiment, or the running experiment to remove. */
const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.nat({ max: 40 }) }),
  fc.record({ remove: fc.nat({ max: 5 }) }),
);

const SEGMENTS = fc.integer({ min: 1, max: 100 });
const HISTORY = fc.array(STEP, { maxLength: 15 });

type Allocations = Record<string, number[]>;

/** The effect of one line. */
interface Change {
  readonly name: string;
  readonly step: Step;
  readonly before: Allocations;
  readonly after: Allocations;
  /** The code of the error, if the line is impossible. */
  readonly refused: string | undefined;
}

/** Runs a history line by line. */
function replay(
  segments: number,
  history: readonly Step[],
): { namespace: SimpleNamespace; changes: Change[] } {
  const namespace = new SimpleNamespace({ name: 'ns', unit: 'userid', segments });
  const changes = history.map((step, i): Change => {
    const before = namespace.allocations();
    const name = 'add' in step ? `e${i}` : (Object.keys(before)[step.remove] ?? 'none');
    let refused: string | undefined;
    try {
      if ('add' in step) namespace.addExperiment(name, experiment, step.add);
      else namespace.removeExperiment(name);
    } catch (error) {
      refused = (error as { code: string }).code;
    }
    return { name, step, before, after: namespace.allocations(), refused };
  });
  return { namespace, changes };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('any history of a namespace', () => {
  it('gives each experiment the requested number of segments, and no segment twice', () => {
    fc.assert(
      fc.property(SEGMENTS, HISTORY, (segments, history) => {
        for (const { name, step, after, refused } of replay(segments, history).changes) {
          const all = Object.values(after).flat();
          expect(new Set(all).size).toBe(all.length);
          expect(all.every((segment) => segment >= 0 && segment < segments)).toBe(true);
          const asked = 'add' in step && refused === undefined ? step.add : undefined;
          expect(after[name]?.length).toBe(asked);
        }
      }),
    );
  });

  it('loses no segment: all free segments can be taken', () => {
    fc.assert(
      fc.property(SEGMENTS, HISTORY, (segments, history) => {
        const { namespace } = replay(segments, history);
        const used = Object.values(namespace.allocations()).flat().length;
        namespace.addExperiment('rest', experiment, segments - used);
        const all = Object.values(namespace.allocations()).flat();
        expect(all.toSorted((a, b) => a - b)).toEqual(upTo(segments));
      }),
    );
  });

  it('moves no allocated unit; removal frees exactly the segments of the experiment', () => {
    fc.assert(
      fc.property(SEGMENTS, HISTORY, (segments, history) => {
        for (const { name, before, after, refused } of replay(segments, history).changes) {
          const { [name]: added, ...others } = after;
          const { [name]: removed, ...kept } = before;
          expect(others).toEqual(kept);
          expect(added === undefined || removed === undefined || refused !== undefined).toBe(true);
        }
      }),
    );
  });

  it('changes nothing for an impossible line', () => {
    fc.assert(
      fc.property(SEGMENTS, HISTORY, (segments, history) => {
        const { changes } = replay(segments, history);
        for (const { before, after } of changes.filter(({ refused }) => refused !== undefined)) {
          expect(after).toEqual(before);
        }
        expect(changes.every(({ refused }) => (refused ?? 'namespace') === 'namespace')).toBe(true);
        const done = history.filter((_, i) => changes[i]?.refused === undefined);
        expect(Object.values(replay(segments, done).namespace.allocations())).toHaveLength(
          Object.keys(changes.at(-1)?.after ?? {}).length,
        );
      }),
    );
  });

  it('gives the same segments on every replay', () => {
    fc.assert(
      fc.property(SEGMENTS, HISTORY, (segments, history) => {
        const allocations = () => replay(segments, history).namespace.allocations();
        expect(allocations()).toEqual(allocations());
      }),
    );
  });

  it('puts every unit into the experiment that has its segment', () => {
    const { namespace } = replay(100, [{ add: 40 }, { add: 30 }, { remove: 0 }, { add: 40 }]);
    const owners = new Map(
      Object.entries(namespace.allocations()).flatMap(([name, all]) => all.map((s) => [s, name])),
    );
    for (let userid = 0; userid < 500; userid++) {
      const participant = namespace.participant({ userid });
      expect(participant.experiment).toBe(owners.get(participant.segment));
    }
  });
});
