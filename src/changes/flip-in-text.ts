import { setValue } from './edit-json.ts';
import { flipAudiences, type SwitchReach, type SwitchState } from './flip-switch.ts';
import { editAllocations } from './rollout/edit-allocations.ts';
import { findExperiment, type SpecificationText } from './find-experiment.ts';

/**
 * Returns the text of a specification with a switch in another state.
 *
 * @param reach may be left out if there is only one audience
 * @throws OptionError (`option`) if this is not a switch, or the audience is not certain
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function flipInText(
  config: SpecificationText,
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
