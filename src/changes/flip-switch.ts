import { OptionError } from '../errors/usage-errors.ts';
import { quote } from '../errors/show-value.ts';
import type { RawEntry, RawExperiment } from '../specification/schema/shape.ts';

/** A switch's states. */
export type SwitchState = 'on' | 'off';

const STATES: readonly SwitchState[] = ['on', 'off'];

/** Which audiences of a switch with rules are meant: all, or one by its position from 0. */
export type SwitchReach = 'all' | number | undefined;

type RawAudience = RawExperiment['audiences'][number];

/**
 * The entry of a switch in another state: the shorthand flipped, or everybody of an audience given the
 * state.
 *
 * @param entry of the right shape
 * @param reach may be left out where there is only one audience
 * @throws OptionError (`option`) where it is no switch, or the audience is not certain
 */
export function flipEntry(
  name: string,
  entry: RawEntry,
  state: SwitchState,
  reach: SwitchReach,
): RawEntry {
  if (typeof entry === 'string') return `${name}:${state}`;
  const names = entry.variants.map((variant) => variant.name);
  if (!STATES.every((one) => names.includes(one))) {
    throw new OptionError(
      `${quote(name)} is no switch: it has the variants ${names.join(', ')}, not on and off`,
    );
  }
  const { audiences } = entry;
  const isMeant = meant(name, audiences, reach);
  return {
    ...entry,
    audiences: audiences.map((audience, i) =>
      isMeant(i) ? { ...audience, allocations: allTo(state, audience) } : audience,
    ),
  };
}

function meant(
  name: string,
  audiences: readonly RawAudience[],
  reach: SwitchReach,
): (index: number) => boolean {
  const count = audiences.length;
  if (reach === 'all' || (reach === undefined && count === 1)) return () => true;
  if (typeof reach === 'number' && reach >= 0 && reach < count) return (index) => index === reach;
  // Without numbers: people count from 1, programs from 0.
  const list = audiences.map(({ rule }) => `  ${rule ?? 'whoever is left'}`);
  throw new OptionError(
    `${quote(name)} has ${count} audiences; say which one is meant, or all\n${list.join('\n')}`,
  );
}

/** Gives everything to a state; the other one stays listed, parked with 0 percent. */
function allTo(state: SwitchState, { allocations }: RawAudience): RawAudience['allocations'] {
  const listed = new Set(allocations.map(({ variant }) => variant)).add(state);
  return [...listed].map((variant) => ({ variant, percent: variant === state ? 100 : 0 }));
}
