import { setValue } from '../../changes/edit-json.ts';
import { flipAudiences, type SwitchReach, type SwitchState } from '../../changes/flip-switch.ts';
import { editAllocations } from '../../changes/rollout/edit-allocations.ts';
import type { ConfigFile } from './config-file.ts';
import { findExperiment } from './find-experiment.ts';

/**
 * Returns the text of a specification with a switch in another state.
 *
 * @param reach may be left out if there is only one audience
 * @throws OptionError (`option`) if this is not a switch, or the audience is not certain
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function flipInFile(
  config: ConfigFile,
  name: string,
  state: SwitchState,
  reach: SwitchReach,
): string {
  const { inForce: spec, path, audiences } = findExperiment(config, name);
  if (spec.shorthand) return setValue(config.text, path, `${name}:${state}`);
  const flipped = flipAudiences(spec, state, reach, (rules) => {
    const list = rules.map((rule, i) => `  ${i + 1}: ${rule}`);
    return `choose which to turn ${state} with --all or --audience\n${list.join('\n')}`;
  });
  return flipped.reduce(
    (text, { audience, before, after }) =>
      editAllocations(text, [...audiences, audience, 'allocations'], before, after),
    config.text,
  );
}
