import {
  appendItem,
  appendProperty,
  removeValue,
  setProperty,
  setValue,
} from '../../changes/edit-json.ts';
import {
  checkVariant,
  findExperiment,
  type SpecificationText,
} from '../../changes/find-experiment.ts';
import { flipInText } from '../../changes/flip-in-text.ts';
import type { SwitchReach, SwitchState } from '../../changes/flip-switch.ts';
import { planRollout } from '../../changes/rollout/plan-rollout.ts';
import { rampInText } from '../../changes/rollout/ramp-in-text.ts';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { parseJson } from '../../json/parse.ts';
import type { DocumentPart } from '../store/workspace.ts';
import { CONTEXT, LISTS, placeOf } from './parts.ts';
import type { ChangeRequest } from './plan.ts';

const experiment = (name: string): DocumentPart => ({ kind: 'experiment', name });

/** Turns a switch on or off. */
export function switchChange(name: string, state: SwitchState, reach: SwitchReach): ChangeRequest {
  return { part: experiment(name), plan: (base) => flipInText(base, name, state, reach) };
}

/** The wanted percent of a variant. */
export interface Ramp {
  readonly variant: string;
  /** 0 to 100, at most two decimals. */
  readonly to: number;
  /** Position of the audience, from 0; undefined for the only one. */
  readonly audience: number | undefined;
  /** The variants that give or receive buckets, in this order; empty for the default. */
  readonly from: readonly string[];
}

/** Changes a variant's percent and moves as few people as possible. */
export function rampChange(name: string, ramp: Ramp): ChangeRequest {
  return { part: experiment(name), plan: (base) => rampIn(base, name, ramp) };
}

function rampIn(base: SpecificationText, name: string, ramp: Ramp): string {
  const found = findExperiment(base, name);
  const { inForce } = found;
  for (const variant of [ramp.variant, ...ramp.from]) checkVariant(inForce, variant);
  if (inForce.shorthand) {
    throw new OptionError(
      `${quote(name)} is a switch in shorthand, which is on or off for everyone; write it out as an ` +
        'experiment with an identity first',
    );
  }
  return rampInText(base.text, found, planRollout(inForce, ramp), inForce.buckets);
}

/** Gives all units of every audience one variant with the fewest moves, and removes later steps of the schedule. */
export function endChange(name: string, variant: string): ChangeRequest {
  return { part: experiment(name), plan: (base) => endIn(base, name, variant) };
}

function endIn(base: SpecificationText, name: string, variant: string): string {
  const found = findExperiment(base, name);
  const { inForce, spec, path } = found;
  checkVariant(inForce, variant);
  if (inForce.shorthand) throw new OptionError(`${quote(name)} is a switch; turn it on or off`);
  const ramped = inForce.audiences.reduce((text, _, audience) => {
    const rollout = planRollout(inForce, { variant, to: 100, audience, from: [] });
    return rampInText(text, found, rollout, inForce.buckets);
  }, base.text);
  const steps = spec.schedule ?? [];
  const inForceStep = steps.findIndex(({ at }) => at === inForce.since);
  if (inForceStep === -1 && steps.length > 0) return removeValue(ramped, [...path, 'schedule']);
  // From behind, so that the positions of the others stay.
  return steps
    .map((_, i) => i)
    .filter((i) => i > inForceStep)
    .toReversed()
    .reduce((text, i) => removeValue(text, [...path, 'schedule', i]), ramped);
}

/** Gives the experiment a new seed, so that everyone is assigned anew and new results start. */
export function restartChange(name: string, seed: string): ChangeRequest {
  const plan = (base: SpecificationText): string => {
    const { path, spec } = findExperiment(base, name);
    if (spec.shorthand) throw new OptionError(`${quote(name)} is a switch, which has no seed`);
    return setProperty(base.text, path, 'variants', 'seed', seed);
  };
  return { part: experiment(name), plan };
}

/** Adds, replaces or (with undefined) removes the step of a schedule at an instant. */
export function scheduleChange(
  name: string,
  at: string,
  audiences: readonly object[] | undefined,
): ChangeRequest {
  const plan = (base: SpecificationText): string => {
    const { path, spec } = findExperiment(base, name);
    if (spec.shorthand) throw new OptionError(`${quote(name)} is a switch, which has no schedule`);
    const steps = spec.schedule ?? [];
    const place = [...path, 'schedule'];
    const index = steps.findIndex((step) => Date.parse(step.at) === Date.parse(at));
    if (audiences === undefined) {
      if (index < 0) return base.text;
      return removeValue(base.text, steps.length === 1 ? place : [...place, index]);
    }
    if (index >= 0) return setValue(base.text, [...place, index, 'audiences'], audiences);
    const step = { at, audiences };
    if (steps.length === 0) return appendProperty(base.text, path, 'schedule', [step]);
    const next = steps.findIndex((one) => Date.parse(one.at) > Date.parse(at));
    if (next < 0) return appendItem(base.text, place, step);
    const written = rawSteps(base.data, place);
    return setValue(base.text, place, written.toSpliced(next, 0, step));
  };
  return { part: experiment(name), plan };
}

/** Returns the steps of a schedule as they were written. */
function rawSteps(data: unknown, place: readonly (string | number)[]): unknown[] {
  let value = data;
  for (const key of place) value = (value as Record<string | number, unknown>)[key];
  return value as unknown[];
}

/**
 * Replaces a part by JSON, adds it where there is none, or removes it with undefined. Also used for undo.
 *
 * @param json the part as in `experiments.config.json`
 */
export function replaceChange(part: DocumentPart, json: string | undefined): ChangeRequest {
  return { part, plan: (base) => replaceIn(base, part, json) };
}

function replaceIn(base: SpecificationText, part: DocumentPart, json: string | undefined): string {
  const place = placeOf(base, part);
  if (json === undefined) return place === undefined ? base.text : removeValue(base.text, place);
  const value = parseJson(json, part.name);
  if (place !== undefined) return setValue(base.text, place, value);
  if (part.kind === 'experiment' && Array.isArray(base.data)) {
    return appendItem(base.text, [], value);
  }
  const { text, data } = asObject(base);
  if (part.kind === 'context') return setProperty(text, [], LISTS.experiment, CONTEXT, value);
  const list = LISTS[part.kind];
  return Object.hasOwn(data, list)
    ? appendItem(text, [list], value)
    : setProperty(text, [], LISTS.experiment, list, [value]);
}

/** Returns a document that has a place for other parts than experiments. */
function asObject({ text, data }: SpecificationText): { text: string; data: object } {
  if (!Array.isArray(data)) return { text, data: Object(data) as object };
  const whole = { experiments: data as unknown[] };
  return { text: setValue(text, [], whole), data: whole };
}
