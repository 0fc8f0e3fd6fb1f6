import * as fc from 'fast-check';
import { assertAppended } from '../../src/assignment/assert-appended.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import type { HistoryError } from '../../src/errors/history-error.ts';
import { thrownBy } from './build.ts';
import { runs } from '../runs.ts';

type Line = { readonly add: string; readonly segments: number } | { readonly remove: string };

const add = (name: string, segments: number): Line => ({ add: name, segments });
const remove = (name: string): Line => ({ remove: name });

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** A specification with one namespace. */
function config(history: readonly Line[], changes: object = {}) {
  const experiments = names.map((name) => ({ name, script: '' }));
  const namespace = { name: 'checkout', unit: 'user.id', segments: 100, experiments, history };
  return { experiments: [], namespaces: [{ ...namespace, ...changes }] };
}

const BEFORE = [add('a', 10), add('b', 20), remove('a'), add('c', 30)];

/** Returns the changes that the guard finds in a history. */
function changesOf(after: readonly Line[], before: readonly Line[] = BEFORE) {
  const error = thrownBy(() => assertAppended(config(before), config(after))) as HistoryError;
  expect(error).toMatchObject({ name: 'HistoryError', code: 'history' });
  return error.changes;
}

/** The lines of a history that has gone wrong, and the share that would move. */
function linesOf(after: readonly Line[], before?: readonly Line[]) {
  const [change, ...more] = changesOf(after, before);
  expect(more).toEqual([]);
  expect(change).toMatchObject({ namespace: 'checkout', kind: 'history' });
  const lines = change?.lines.map(({ kind, line }) => `${kind} ${line}`);
  return { lines, movedShare: change?.movedShare };
}

/** The experiment of each of 3000 users. */
function experimentsOf(history: readonly Line[], changes?: object): (string | undefined)[] {
  const snapshot = parseExperiments(config(history, changes));
  return Array.from(
    { length: 3000 },
    (_, id) => snapshot.participant({ user: { id } }).namespace('checkout').experiment,
  );
}

describe('assertAppended', () => {
  it.each<[string, readonly Line[]]>([
    ['nothing', BEFORE],
    ['a line', [...BEFORE, add('d', 5)]],
    ['several lines', [...BEFORE, remove('b'), add('a', 70), remove('c')]],
  ])('allows appending %s', (_, after) => {
    expect(() => assertAppended(config(BEFORE), config(after))).not.toThrow();
  });

  it('allows a new namespace, and other parameters of an experiment', () => {
    const [old] = config(BEFORE).namespaces;
    const after = {
      experiments: ['beta:on'],
      namespaces: [
        { name: 'new', unit: 'id' },
        {
          ...old,
          defaults: { x: 1 },
          experiments: names.map((name) => ({ name, script: 'x = 1;' })),
        },
      ],
    };
    expect(() => assertAppended(config(BEFORE), after)).not.toThrow();
    expect(() => assertAppended([], after)).not.toThrow();
  });

  it('takes snapshots as well', () => {
    const [before, after] = [parseExperiments(config(BEFORE)), parseExperiments(config([]))];
    expect(() => assertAppended(before, before)).not.toThrow();
    expect(() => assertAppended(before, after)).toThrow('line 4 of the history was removed');
  });

  it.each<[string, readonly Line[], string[]]>([
    ['an inserted line', [add('d', 5), ...BEFORE], ['inserted 1']],
    [
      'a line inserted in between',
      [...BEFORE.slice(0, 3), add('d', 5), add('c', 30)],
      ['inserted 4'],
    ],
    ['a changed line', [add('a', 11), ...BEFORE.slice(1)], ['changed 1']],
    [
      'a changed last line, and one appended',
      [...BEFORE.slice(0, 3), add('c', 31), add('d', 1)],
      ['changed 4'],
    ],
    ['a removed line', [add('b', 20), add('c', 30)], ['removed 1', 'removed 3']],
    ['a removed end', BEFORE.slice(0, 2), ['removed 3', 'removed 4']],
    [
      'several slips, and lines appended',
      [
        add('d', 1),
        add('a', 10),
        add('b', 21),
        remove('a'),
        remove('d'),
        add('c', 30),
        add('e', 2),
      ],
      ['inserted 1', 'changed 3', 'inserted 5'],
    ],
  ])('finds %s', (_, after, expected) => {
    expect(linesOf(after).lines).toEqual(expected);
  });

  it('reports the share of the segments that move', () => {
    expect(linesOf(BEFORE.slice(0, 3))).toEqual({ lines: ['removed 4'], movedShare: 0.3 });
    expect(linesOf([add('a', 100)], [add('b', 100)]).movedShare).toBe(1);
    // The appended line moves nobody; the inserted one takes its place from those behind it.
    const inserted = [add('d', 40), add('a', 60), remove('d'), add('e', 40)];
    const { lines, movedShare } = linesOf(inserted, [add('a', 60)]);
    expect(lines).toEqual(['inserted 1']);
    const [before, after] = [[add('a', 60)], inserted.slice(0, 2)].map((one) => experimentsOf(one));
    const moved = before?.filter((one, id) => one !== after?.[id]).length ?? 0;
    expect(Math.abs(moved / 3000 - (movedShare ?? 0))).toBeLessThan(0.05);
  });

  it('reports a line that only names another definition, although no one moves', () => {
    const [one] = config([]).namespaces;
    const historyWith = (experiment: string) => ({
      experiments: [],
      namespaces: [{ ...one, history: [{ add: 'x', segments: 10, experiment }] }],
    });
    const error = thrownBy(() => assertAppended(historyWith('a'), historyWith('b')));
    expect((error as HistoryError).changes).toMatchObject([
      { movedShare: 0, lines: [{ kind: 'changed', line: 1 }] },
    ]);
  });

  it.each<[string, object, string, number]>([
    ['unit', { unit: 'tenant.id' }, 'unit', 1],
    ['order of units', { unit: ['b', 'a'] }, 'unit', 1],
    ['number of segments', { segments: 101 }, 'segments', 1],
    ['name', { name: 'other' }, 'removed', 0.5],
  ])('rejects another %s', (_, changes, kind, movedShare) => {
    const before = config(BEFORE, kind === 'unit' ? { unit: ['a', 'b'] } : {});
    const error = thrownBy(() => assertAppended(before, config(BEFORE, changes)));
    expect((error as HistoryError).changes).toEqual([
      { namespace: 'checkout', kind, lines: [], movedShare },
    ]);
  });

  it('rejects another sampling, and reports the share of the segments that it moves', () => {
    const after = config([...BEFORE, add('d', 5)], { sampling: 'fast' });
    const error = thrownBy(() => assertAppended(config(BEFORE), after)) as HistoryError;
    expect(error.changes).toMatchObject([{ namespace: 'checkout', kind: 'sampling', lines: [] }]);
    const was = experimentsOf(BEFORE);
    const moved = experimentsOf(BEFORE, { sampling: 'fast' }).filter((one, id) => one !== was[id]);
    expect(moved.length).toBeGreaterThan(300);
    const share = error.changes[0]?.movedShare ?? 0;
    expect(Math.abs(moved.length / 3000 - share)).toBeLessThan(0.05);
    expect(error.message).toContain('has a different sampling, which gives its experiments other');
  });

  it('allows the removal of a namespace without participants', () => {
    expect(() => assertAppended(config([add('a', 5), remove('a')]), [])).not.toThrow();
    expect(() => assertAppended(config([]), config([], { segments: 5, unit: 'x' }))).not.toThrow();
  });

  it('has each changed line, in its message and as data', () => {
    const after = [add('d', 5), add('a', 11), ...BEFORE.slice(1, 3)];
    const error = thrownBy(() => assertAppended(config(BEFORE), config(after))) as HistoryError;
    const percent = Number(((error.changes[0]?.movedShare ?? 0) * 100).toFixed(2));
    expect(error.message).toBe(
      [
        'users would move between experiments',
        `  namespace "checkout": ${percent}% of the segments would move`,
        '    line 1 of the history was changed: {"add":"a","segments":10,"experiment":"a"} is now {"add":"d","segments":5,"experiment":"d"}',
        '    line 2 of the history was inserted: {"add":"a","segments":11,"experiment":"a"}',
        '    line 4 of the history was removed: {"add":"c","segments":30,"experiment":"c"}',
        '  restore the existing lines and add new lines at the end, or create a namespace with a new name',
      ].join('\n'),
    );
    expect(error.changes[0]?.lines[1]).toEqual({
      kind: 'inserted',
      line: 2,
      after: { add: 'a', segments: 11, experiment: 'a' },
    });
  });

  it('rejects an invalid specification', () => {
    expect(thrownBy(() => assertAppended([], [{}]))).toMatchObject({ code: 'spec' });
  });

  it('compares long histories in bounded time', () => {
    const long = (name: string) =>
      Array.from({ length: 3000 }, (_, i) => [add(`${name}${i}`, 0), remove(`${name}${i}`)]).flat();
    const space = (name: string) => ({
      experiments: [],
      namespaces: [
        {
          name: 'x',
          unit: 'id',
          segments: 1,
          experiments: [{ name: 'e', script: '' }],
          history: [
            ...long(name).map((line) => ({ ...line, ...('add' in line && { experiment: 'e' }) })),
            { add: 'e', segments: 1 },
          ],
        },
      ],
    });
    const error = thrownBy(() => assertAppended(space('a'), space('b'))) as HistoryError;
    expect(error.changes[0]?.lines).toHaveLength(6000);
  });

  describe('for any history', () => {
    /** Which experiments are added and removed again, one after the other. */
    const HISTORY = fc
      .array(fc.tuple(fc.constantFrom(...names), fc.nat({ max: 14 })), { maxLength: 10 })
      .map((steps) => {
        const present = new Set<string>();
        return steps.map(([name, segments]): Line => {
          if (present.delete(name)) return remove(name);
          present.add(name);
          return add(name, segments);
        });
      });

    it('allows appended lines, and no one moves', () => {
      fc.assert(
        fc.property(HISTORY, fc.nat(), (history, cut) => {
          const before = history.slice(0, cut % (history.length + 1));
          expect(() => assertAppended(config(before), config(history))).not.toThrow();
          const removed = new Set(
            history.slice(before.length).map((line) => ('remove' in line ? line.remove : '')),
          );
          const now = experimentsOf(history);
          experimentsOf(before).forEach((name, id) => {
            const stays = name !== undefined && !removed.has(name);
            expect(stays ? now[id] : name).toBe(name);
          });
        }),
        { numRuns: runs(30) },
      );
    });

    it('finds the one changed line', () => {
      fc.assert(
        fc.property(HISTORY, fc.nat(), (history, at) => {
          fc.pre(history.length > 0);
          const changed = history.map((line, i) =>
            i === at % history.length && 'add' in line
              ? { ...line, segments: line.segments + 1 }
              : line,
          );
          fc.pre(changed.some((line, i) => line !== history[i]));
          const error = thrownBy(() => assertAppended(config(history), config(changed)));
          expect((error as HistoryError).changes[0]?.lines).toMatchObject([
            { kind: 'changed', line: (at % history.length) + 1 },
          ]);
        }),
        { numRuns: runs(100) },
      );
    });
  });
});
