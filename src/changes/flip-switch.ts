import { OptionError } from '../errors/usage-errors.ts';
import { quote } from '../errors/show-value.ts';
import { stepAt } from '../specification/schedule/schedule.ts';
import type { RawEntry, RawExperiment } from '../specification/schema/shape.ts';
import type { AllocationSpec } from '../specification/types.ts';

/** A switch's states. */
export type SwitchState = 'on' | 'off';

const STATES: readonly SwitchState[] = ['on', 'off'];

/** The audiences of a switch to change: all, or one by its position from 0. */
export type SwitchReach = 'all' | number | undefined;

/** A switch that is written out as an experiment. */
export interface WrittenSwitch {
  readonly name: string;
  readonly variants: readonly { readonly name: string }[];
  readonly audiences: readonly {
    readonly rule?: string | null | undefined;
    readonly allocations: readonly AllocationSpec[];
  }[];
}

/** One audience's allocations after a flip. */
export interface FlippedAudience {
  /** Position of the audience, from 0. */
  readonly audience: number;
  readonly before: readonly AllocationSpec[];
  readonly after: readonly AllocationSpec[];
}

/**
 * The sentence that asks for one of several audiences.
 *
 * @param rules of the audiences, in order
 */
export type AskForAudience = (rules: readonly string[]) => string;

/**
 * Decides the allocations that turn a written-out switch on or off: everyone in each audience gets the
 * state.
 *
 * @param reach may be left out if there is only one audience
 * @param ask used in the error message if the audience is not certain
 * @throws OptionError (`option`) if this is not a switch, or the audience is not certain
 */
export function flipAudiences(
  { name, variants, audiences }: WrittenSwitch,
  state: SwitchState,
  reach: SwitchReach,
  ask: AskForAudience = askWithoutNumbers,
): FlippedAudience[] {
  const names = variants.map((variant) => variant.name);
  if (!STATES.every((one) => names.includes(one))) {
    throw new OptionError(
      `${quote(name)} is not a switch; it has the variants ${names.join(', ')} instead of on and off`,
    );
  }
  const chosen = reach === undefined && audiences.length === 1 ? 'all' : reach;
  const flipped = audiences.flatMap(({ allocations }, audience) =>
    chosen === 'all' || chosen === audience
      ? [{ audience, before: allocations, after: allTo(state, allocations) }]
      : [],
  );
  if (flipped.length > 0) return flipped;
  const rules = audiences.map(({ rule }) => rule ?? 'everyone else');
  throw new OptionError(`${quote(name)} has ${audiences.length} audiences; ${ask(rules)}`);
}

/**
 * The entry of a switch in another state, in shorthand or written out.
 *
 * @param entry of the right shape
 * @param reach may be left out if there is only one audience
 * @param atMs the present in milliseconds since 1970: of a schedule, the step in force is changed
 * @throws OptionError (`option`) if this is not a switch, or the audience is not certain
 */
export function flipEntry(
  name: string,
  entry: RawEntry,
  state: SwitchState,
  reach: SwitchReach,
  atMs: number,
): RawEntry {
  if (typeof entry === 'string') return `${name}:${state}`;
  const flip = ({ audiences }: Pick<RawExperiment, 'audiences'>): RawExperiment['audiences'] => {
    const flipped = flipAudiences({ ...entry, name, audiences }, state, reach);
    return audiences.map((audience, i) => {
      const change = flipped.find((one) => one.audience === i);
      return change === undefined ? audience : { ...audience, allocations: [...change.after] };
    });
  };
  const inForce = stepAt(entry, atMs);
  const { schedule } = entry;
  if (schedule === undefined || inForce < 0) return { ...entry, audiences: flip(entry) };
  return {
    ...entry,
    schedule: schedule.map((step, i) =>
      i === inForce ? { ...step, audiences: flip(step) } : step,
    ),
  };
}

/** Lists the rules without numbers: people count from 1, programs from 0. */
function askWithoutNumbers(rules: readonly string[]): string {
  return `choose one of them, or all\n${rules.map((rule) => `  ${rule}`).join('\n')}`;
}

/** Gives all buckets to a state; the other state stays listed with 0 percent. */
function allTo(state: SwitchState, before: readonly AllocationSpec[]): AllocationSpec[] {
  const listed = new Set(before.map(({ variant }) => variant)).add(state);
  return [...listed].map((variant) => ({ variant, percent: variant === state ? 100 : 0 }));
}
