import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { AllocationSpec, ExperimentSpec } from '../../specification/types.ts';
import type { ConfigFile } from './config-file.ts';
import { setValue } from '../../changes/edit-json.ts';
import { findExperiment } from './find-experiment.ts';
import { editAllocations } from '../../changes/rollout/edit-allocations.ts';

/** A switch's states. */
export type SwitchState = 'on' | 'off';

const STATES: readonly SwitchState[] = ['on', 'off'];

/** Which audiences of a switch with rules are meant. */
export type Reach = 'all' | number | undefined;

/**
 * The text of a specification with a switch in another state: the shorthand flipped, or everybody of
 * an audience given the state.
 *
 * @param reach position of the audience, from 0; may be left out where there is only one
 * @throws OptionError (`option`) where it is no switch, or the audience is not certain
 */
export function flipSwitch(
  config: ConfigFile,
  name: string,
  state: SwitchState,
  reach: Reach,
): string {
  const { spec, path } = findExperiment(config, name);
  if (spec.shorthand) return setValue(config.text, path, `${name}:${state}`);
  checkIsSwitch(spec);
  let text = config.text;
  for (const i of audiencesOf(spec, state, reach)) {
    const before = spec.audiences[i]?.allocations ?? [];
    const place = [...path, 'audiences', i, 'allocations'];
    text = editAllocations(text, place, before, allTo(state, before));
  }
  return text;
}

function checkIsSwitch({ name, variants }: ExperimentSpec): void {
  const names = variants.map((variant) => variant.name);
  if (STATES.every((state) => names.includes(state))) return;
  throw new OptionError(
    `${quote(name)} is no switch: it has the variants ${names.join(', ')}, not on and off`,
  );
}

function audiencesOf({ name, audiences }: ExperimentSpec, state: string, reach: Reach): number[] {
  if (typeof reach === 'number') return [reach];
  if (reach === 'all' || audiences.length === 1) return [...audiences.keys()];
  const list = audiences.map(({ rule }, i) => `  ${i + 1}: ${rule ?? 'whoever is left'}`);
  throw new OptionError(
    `${quote(name)} has ${audiences.length} audiences; say who shall be ${state}, with --all or ` +
      `--audience\n${list.join('\n')}`,
  );
}

/** Gives everything to a state; the other one stays listed, parked with 0 percent. */
function allTo(state: SwitchState, before: readonly AllocationSpec[]): AllocationSpec[] {
  const listed = new Set(before.map(({ variant }) => variant)).add(state);
  return [...listed].map((variant) => ({ variant, percent: variant === state ? 100 : 0 }));
}
