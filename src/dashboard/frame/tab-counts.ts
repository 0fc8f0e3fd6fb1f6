import type { Snapshot } from '../../assignment/snapshot.ts';
import { isSwitch } from '../../ui/variant-key.ts';
import { staleReason } from '../../workbench/usage/stale.ts';
import type { Tab } from './tabs.ts';

/** The numbers beside the tabs; a tab without one shows none. */
export type TabCounts = Readonly<Partial<Record<Tab, number>>>;

/** The counts of the latest snapshot, and the day they are of. */
const known = new WeakMap<Snapshot, { readonly day: string; readonly counts: TabCounts }>();

/** The characters of a date in an ISO time. */
const DAY_LENGTH = 10;

/** Counts the entries of the tabs, once for each snapshot and day. */
export function tabCounts(snapshot: Snapshot, now: number): TabCounts {
  const day = new Date(now).toISOString().slice(0, DAY_LENGTH);
  const before = known.get(snapshot);
  if (before?.day === day) return before.counts;
  const { experiments } = snapshot;
  const switches = experiments.filter(({ variants }) =>
    isSwitch(variants.map(({ name }) => name)),
  ).length;
  const counts = {
    experiments: experiments.length - switches,
    switches,
    'clean-up': experiments.filter((spec) => staleReason(spec, day) !== undefined).length,
  };
  known.set(snapshot, { day, counts });
  return counts;
}
