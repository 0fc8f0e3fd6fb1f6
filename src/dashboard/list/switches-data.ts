import type { Snapshot } from '../../assignment/snapshot.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { staleReason } from '../../workbench/usage/stale.ts';
import { versionOf } from '../change/parts.ts';
import type { Visit } from '../frame/visit.ts';
import { isSwitchSpec } from './rows.ts';

/** The state of a switch for everyone: on, off, or on for some. */
export type SwitchReading = 'on' | 'off' | 'partly';

/** A switch on the page. */
export interface ListedSwitch {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly state: SwitchReading;
  /** "on", "off", "50%" or "by rule". */
  readonly shown: string;
  /** The people who get it, in a few words: "Everyone, 50%", "segments.paying". */
  readonly reach: string;
  readonly stale?: string;
  /** The version that forms send. */
  readonly version: string;
}

/** The data of the page "Switches". */
export interface SwitchesData {
  /** The switches that match, in the order of their owners, and then of the specification. */
  readonly switches: readonly ListedSwitch[];
  /** The number of switches that match and are not listed. */
  readonly left: number;
  /** The number of all switches, and of those in each state. */
  readonly total: number;
  readonly counts: Readonly<Record<SwitchReading | 'stale', number>>;
  readonly search: string;
  /** `on`, `off`, `partly` or `stale`; empty for all. */
  readonly state: string;
}

/** The most switches on one page; search finds the others. */
const MAX_LISTED = 300;

/** The characters of a date in an ISO time. */
const DAY_LENGTH = 10;

/** A switch without what depends on the visit. */
type SwitchRow = Omit<ListedSwitch, 'version'>;

/** The switches of a snapshot and a day, in the order of their owners. */
const known = new WeakMap<
  Snapshot,
  { readonly day: string; readonly rows: readonly SwitchRow[] }
>();

/** Lists the switches that match the query `q` and `state`, at most 300. */
export function switchesData(visit: Visit): SwitchesData {
  const { snapshot, query, now } = visit;
  const all = switchRows(visit);
  const [search, state] = [query.get('q') ?? '', query.get('state') ?? ''];
  const words = search.trim().toLowerCase();
  const matching = all.filter(
    (one) =>
      (state === '' || one.state === state || (state === 'stale' && one.stale !== undefined)) &&
      `${one.name} ${one.description ?? ''} ${one.owner ?? ''}`.toLowerCase().includes(words),
  );
  const shown = matching.slice(0, MAX_LISTED).map((one): ListedSwitch => {
    const part = { kind: 'experiment', name: one.name } as const;
    return { ...one, version: versionOf(snapshot.specification, part, now) };
  });
  const count = (wanted: SwitchReading): number => all.filter((one) => one.state === wanted).length;
  return {
    switches: shown,
    left: matching.length - shown.length,
    total: all.length,
    counts: {
      on: count('on'),
      off: count('off'),
      partly: count('partly'),
      stale: all.filter(({ stale }) => stale !== undefined).length,
    },
    search,
    state,
  };
}

function switchRows({ snapshot, now }: Visit): readonly SwitchRow[] {
  const day = new Date(now).toISOString().slice(0, DAY_LENGTH);
  const found = known.get(snapshot);
  if (found?.day === day) return found.rows;
  const rows = snapshot.experiments
    .filter(isSwitchSpec)
    .map((spec): SwitchRow => {
      const { name, description, owner } = spec;
      const stale = staleReason(spec, day);
      return {
        name,
        ...(description !== undefined && { description }),
        ...(owner !== undefined && { owner }),
        ...readingOf(spec),
        ...(stale !== undefined && { stale }),
      };
    })
    .toSorted((one, other) => compareTexts(one.owner ?? '', other.owner ?? ''));
  known.set(snapshot, { day, rows });
  return rows;
}

/** Owners in order; switches without one come last. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  if (one === '' || other === '') return one === '' ? 1 : -1;
  return one < other ? -1 : 1;
}

/** Returns the state of a switch, and whom it reaches. */
export function readingOf({
  audiences,
}: ExperimentSpec): Pick<ListedSwitch, 'state' | 'shown' | 'reach'> {
  const shares = audiences.map(({ allocations }) =>
    allocations.reduce((sum, { variant, percent }) => sum + (variant === 'on' ? percent : 0), 0),
  );
  if (shares.every((share) => share === 100)) {
    return { state: 'on', shown: 'on', reach: 'On for everyone' };
  }
  if (shares.every((share) => share === 0)) {
    return { state: 'off', shown: 'off', reach: 'Off for everyone' };
  }
  const [only] = shares;
  if (audiences.length === 1) {
    return { state: 'partly', shown: `${only}%`, reach: `${only}% of everyone` };
  }
  const rules = audiences.flatMap(({ rule }, i) => {
    if ((shares[i] ?? 0) === 0) return [];
    const who = rule ?? 'everyone else';
    return [shares[i] === 100 ? who : `${shares[i]}% of ${who}`];
  });
  return { state: 'partly', shown: 'by rule', reach: `On for ${rules.join(', then ')}` };
}
