import type { BitAvalanche } from './avalanche.ts';
import type { Changed } from './changes.ts';
import { FAMILIES } from './families.ts';
import {
  type Amounts,
  BIT_LENGTHS,
  type Flips,
  measureBits,
  measureChanges,
  measureFamily,
  measureOperator,
  measureRandom,
  measureSegments,
  measureUnits,
} from './measure.ts';
import { OPERATORS } from './planout-draws.ts';
import type { Results } from './results.ts';
import { SEEDS } from './seeds.ts';

/** A part of the measurement, done by one thread. */
export type Task =
  | { readonly kind: IndexedKind; readonly index: number }
  | { readonly kind: 'segments' }
  | { readonly kind: 'random' };

/** Kinds of tasks that exist for several families, operators or lengths. */
type IndexedKind = 'family' | 'changes' | 'operator' | 'units' | 'bits';

/** PlanOut's salts. A namespace must have a name, so the empty seed gets one. */
const SALTS = SEEDS.map((seed) => (seed === '' ? 'empty' : seed));

/**
 * The factor by which fewer units of each family are drawn for: PlanOut hashes with SHA-1, which is
 * slower.
 */
const FEWER_UNITS = 5;

const indices = (list: readonly unknown[]): number[] => [...list.keys()];

/** Returns all parts, the longest first, so that the threads end at the same time. */
export function allTasks(): Task[] {
  return [
    ...indices(FAMILIES).map((index) => ({ kind: 'family', index }) as const),
    { kind: 'random' },
    ...indices(OPERATORS).map((index) => ({ kind: 'operator', index }) as const),
    ...indices(FAMILIES).map((index) => ({ kind: 'units', index }) as const),
    ...indices(BIT_LENGTHS).map((index) => ({ kind: 'bits', index }) as const),
    ...indices(FAMILIES).map((index) => ({ kind: 'changes', index }) as const),
    { kind: 'segments' },
  ];
}

/** Returns the name of a task, for people. */
export function nameOf(task: Task): string {
  if (!('index' in task)) return task.kind;
  const { kind, index } = task;
  if (kind === 'bits') return `bits of ${BIT_LENGTHS[index]} characters`;
  const name = kind === 'operator' ? OPERATORS[index]?.name : FAMILIES[index]?.name;
  return `${kind} ${name}`;
}

/** Runs a part. */
export function runTask(task: Task, amounts: Amounts): unknown {
  if (task.kind === 'segments') return measureSegments(amounts);
  if (task.kind === 'random') return measureRandom(amounts);
  const { kind, index } = task;
  const [family] = FAMILIES.slice(index);
  if (kind === 'bits') return measureBits(BIT_LENGTHS[index] ?? 0, amounts);
  if (family === undefined) throw new RangeError(`there is no ${kind} ${index}`);
  switch (kind) {
    case 'family':
      return measureFamily(family, SEEDS, amounts);
    case 'changes':
      return measureChanges(family, SEEDS, amounts);
    case 'units':
      return measureUnits(family, SALTS, amounts.units / FEWER_UNITS);
    case 'operator': {
      const ids = () => String;
      return measureOperator(index, SALTS, { ids, count: amounts.units });
    }
  }
}

/** The length of the texts that have a picture: a UUID's. */
const PICTURED_LENGTH = 36;

/** Combines the results of all parts, in the order of {@link allTasks}. */
export function collect(amounts: Amounts, done: readonly (readonly [Task, unknown])[]): Results {
  const of = (kind: Task['kind']) =>
    done.filter(([task]) => task.kind === kind).map(([, result]) => result);
  const families = of('family') as ReturnType<typeof measureFamily>[];
  const changes = of('changes').flat() as ReturnType<typeof measureChanges>;
  const bits = of('bits') as BitAvalanche[];
  return {
    amounts,
    seeds: SEEDS.length,
    families: families.map(({ result }) => result),
    counts: families[0]?.counts ?? [],
    changes: changes.map(({ result }) => result),
    flips: (['id', 'seed'] as const).map((changed) =>
      flipsOf(
        changed,
        changes.map(({ flips }) => flips),
      ),
    ),
    bits: bits.map(({ summary }) => summary),
    bitFlips: bits.find(({ summary }) => summary.length === PICTURED_LENGTH)?.flipped ?? [],
    operators: of('operator') as Results['operators'],
    units: of('units') as Results['units'],
    segments: of('segments')[0] as Results['segments'],
    random: of('random')[0] as Results['random'],
  };
}

function flipsOf(changed: Changed, all: readonly Flips[]): Flips {
  const results = all.filter((flips) => flips.changed === changed);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  const added = (lists: readonly (readonly number[])[]) =>
    (lists[0] ?? []).map((_, i) => sum(lists.map((list) => list[i] ?? 0)));
  return {
    changed,
    changes: sum(results.map(({ changes }) => changes)),
    flipped: added(results.map(({ flipped }) => flipped)),
    distances: added(results.map(({ distances }) => distances)),
  };
}
