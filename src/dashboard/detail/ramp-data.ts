import { DEFAULT_PARKED } from '../../changes/parked.ts';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { AudienceSpec, ExperimentSpec } from '../../specification/types.ts';
import { versionOf } from '../change/parts.ts';
import type { ChangePreview } from '../change/preview.ts';
import { previewChange, type ShownPreview, shownPreview } from '../change/preview-change.ts';
import { type Ramp, rampChange } from '../change/requests.ts';
import type { Visit } from '../frame/visit.ts';

/** The data of the page that ramps a variant. */
export interface RampData {
  readonly name: string;
  readonly variants: readonly string[];
  readonly buckets: number;
  readonly audiences: readonly AudienceSpec[];
  /** The chosen audience, from 0, and variant. */
  readonly audience: number;
  readonly variant: string;
  /** The wanted percent as it was typed; empty before one is. */
  readonly to: string;
  readonly version: string;
  /** The allocations of the audience after the change; absent without a valid percent. */
  readonly after?: AudienceSpec['allocations'];
  readonly preview?: ShownPreview;
  /** Why there is no preview; absent if there is one, or nothing was typed. */
  readonly problem?: string;
}

const PARKED = new Set(DEFAULT_PARKED);
const BUCKETS = 100;

/** The fields of a ramp, from a query or a form. */
export type RampFields = (name: string) => string | undefined;

/** Previews the ramp of the fields `variant`, `to` and `audience`; undefined without such an experiment. */
export async function rampData(visit: Visit, fields: RampFields): Promise<RampData | undefined> {
  const { snapshot, params, now } = visit;
  const spec = snapshot.experiments.find(({ name }) => name === params.name);
  if (spec === undefined || spec.shorthand) return undefined;
  const { name, audiences, buckets = BUCKETS } = spec;
  const variants = spec.variants.map((one) => one.name);
  const audience = audienceOf(spec, fields('audience'));
  const asked = fields('variant');
  const variant = asked !== undefined && variants.includes(asked) ? asked : firstShown(variants);
  const to = (fields('to') ?? '').trim();
  const data = {
    name,
    variants,
    buckets,
    audiences,
    audience,
    variant,
    to,
    version: versionOf(snapshot.specification, { kind: 'experiment', name }, now),
  };
  if (to === '') return data;
  const percent = percentOf(to);
  if (percent === undefined) {
    return { ...data, problem: 'Write a percent from 0 to 100, with at most two decimals.' };
  }
  try {
    const ramp: Ramp = { variant, to: percent, audience, from: [] };
    const preview = await previewChange(visit, rampChange(name, ramp));
    const after = allocationsAfter(preview, audience);
    return { ...data, preview: shownPreview(preview), ...(after !== undefined && { after }) };
  } catch (error) {
    const isOurs = error instanceof EvenhandError;
    return { ...data, problem: isOurs ? error.message : thrownMessage(error) };
  }
}

/** Returns a percent; undefined for any other text. */
export function percentOf(text: string): number | undefined {
  return /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)$/.test(text) ? Number(text) : undefined;
}

function audienceOf({ audiences }: ExperimentSpec, given = ''): number {
  const asked = Number(given);
  const isKnown = /^\d{1,4}$/.test(given) && asked >= 1 && asked <= audiences.length;
  return isKnown ? asked - 1 : 0;
}

/** Returns the variant that a ramp is most likely about: the first one that is neither parked nor the control. */
function firstShown(variants: readonly string[]): string {
  const shown = variants.filter((name) => !PARKED.has(name));
  return shown.find((name) => name !== 'control') ?? shown[0] ?? variants[0] ?? '';
}

function allocationsAfter(
  { movement }: ChangePreview,
  audience: number,
): AudienceSpec['allocations'] | undefined {
  return movement[0]?.after.audiences[audience]?.allocations;
}
