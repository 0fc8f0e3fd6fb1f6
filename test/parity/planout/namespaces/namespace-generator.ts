import * as fc from 'fast-check';
import {
  coded,
  type GeneratedExperiment,
  PARAMETERS,
  texts,
  unitInputs,
} from '../experiments/experiment-generator.ts';

/** A line of a history: possible or not. */
export type Line =
  | { readonly add: string; readonly segments: number; readonly experiment: number }
  | { readonly remove: string };

/** A unit, the parameters that it reads with their defaults, and the events that it logs. */
export interface Visit {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly gets: readonly (readonly [string, unknown])[];
  readonly events: readonly string[];
}

/** A namespace with its history and units. */
export interface GeneratedNamespace {
  readonly name: string;
  readonly unit: readonly string[];
  readonly segments: number;
  readonly fast: boolean;
  readonly experiments: readonly GeneratedExperiment[];
  readonly fallback?: GeneratedExperiment;
  readonly history: readonly Line[];
  readonly units: readonly Visit[];
}

const noNullPrototype = true;

const names = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c', 'first one', '4', '') },
  { weight: 1, arbitrary: fc.constant('é') },
);

/** Generates a history for a namespace with so many segments. */
function histories(segments: number): fc.Arbitrary<Line[]> {
  const counts = fc.oneof(
    { weight: 6, arbitrary: fc.nat(Math.ceil(segments / 2)) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, segments, segments + 1, -1) },
  );
  return fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ add: names, segments: counts, experiment: fc.nat(2) }),
      },
      { weight: 2, arbitrary: fc.record({ remove: names }) },
    ),
    { minLength: 1, maxLength: 12, size: 'large' },
  );
}

const parts = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(fc.nat(), fc.uuid(), fc.nat(9)) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>('home', "it's", true, 0.1, 1e-7, 'a"b', '\\') },
  { weight: 2, arbitrary: fc.array(fc.constantFrom<unknown>(1, 'a', ['b']), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'é', '\u00a0', '\u{1f600}', [null], {}) },
);

const visits = fc.record(
  {
    inputs: fc
      .tuple(
        unitInputs,
        fc.record(
          { userid: parts, page: parts, team: parts },
          { requiredKeys: ['page', 'team'], noNullPrototype },
        ),
      )
      .map(([inputs, more]) => ({ ...inputs, ...more })),
    gets: fc.array(
      fc.tuple(
        fc.constantFrom(...PARAMETERS, 'ghost'),
        fc.constantFrom<unknown>(null, 'default', 7),
      ),
      { maxLength: 3 },
    ),
    events: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom('click', 'buy'), { maxLength: 1 }) },
    ),
  },
  { noNullPrototype },
);

const segmentCounts = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 121, max: 700 }) },
);

/** Generates namespaces. */
export const namespaces: fc.Arbitrary<GeneratedNamespace> = segmentCounts.chain((segments) =>
  fc.record(
    {
      name: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('ns', 'my space', 'a.b') },
        { weight: 1, arbitrary: texts },
      ),
      unit: fc.subarray(['userid', 'page', 'team'], { minLength: 1 }),
      segments: fc.constant(segments),
      fast: fc.boolean(),
      experiments: fc.array(coded, { minLength: 3, maxLength: 3 }),
      fallback: coded.map((one) => ({ ...one, name: 'Fallback', salt: undefined })),
      history: histories(segments),
      units: fc.array(visits, { minLength: 1, maxLength: 6 }),
    },
    {
      requiredKeys: ['name', 'unit', 'segments', 'fast', 'experiments', 'history', 'units'],
      noNullPrototype,
    },
  ),
);
