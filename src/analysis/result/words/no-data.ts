import type { RecordCause } from '../../rows/moment-rows.ts';
import type { DataNote } from '../result.ts';

/** The causes by which all exposures can be left out, with what to do. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['after_until', 'Choose a later end with --until, and check the clock of the servers.'],
  [
    'other_checksum',
    'Pass --checksum with the checksum of these exposures, or the specification of that time.',
  ],
  ['overridden', 'Overrides are for tests; collect exposures of users without an override.'],
  [
    'random',
    'Their unit is random or missing, so outcomes have nothing to join. Give the experiment an identity such as "user.id".',
  ],
  ['other_identity', 'Pass --identity with the identity of these exposures.'],
  ['cut', 'Record shorter units, or hash them with privacy: "hash".'],
  ['undeclared_variant', 'Pass the specification that declares these variants.'],
  ['not_compared_units', 'List the variants to compare with --variants or in "analysis".'],
] satisfies [RecordCause | 'not_compared_units', string][]);

/** Returns the note on the commonest cause by which exposures were left out; undefined without any. */
export function mainCause(data: readonly DataNote[]): DataNote | undefined {
  return data
    .filter(({ code, count }) => REMEDIES.has(code) && count > 0)
    .reduce<DataNote | undefined>(
      (a, b) => (a === undefined || b.count > a.count ? b : a),
      undefined,
    );
}

/** Returns the remedy if no exposure counts; the summary names the cause. */
export function noDataAdvice(data: readonly DataNote[]): string {
  const cause = mainCause(data);
  return cause === undefined
    ? 'No records of this experiment were found. Check the paths of --records and the name of the experiment.'
    : (REMEDIES.get(cause.code) ?? '');
}
