import type { AddedExperiment, CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** The version of the computation of buckets and segments. */
const ASSIGNMENT_VERSION = 1;

/** The hexadecimal digits of a checksum: 64 bits. */
const DIGITS = 16;

/**
 * Returns the checksum of everything that determines an experiment's assignments: its name, identity
 * and seed, the names of its variants, and its audiences with their rules and allocations; the segments
 * of these rules, and the state of the experiments that they ask for. Values, descriptions and owners
 * don't change it. The number of buckets doesn't either: equal percents have the same participants with
 * 100 and with 10,000 buckets.
 *
 * @returns 16 hexadecimal digits, of SHA-256
 */
export function experimentChecksum(spec: ExperimentSpec): string {
  const { segments, prerequisites } = spec;
  return checksumOf([
    'experiment',
    spec.name,
    spec.identity,
    spec.seed,
    spec.variants.map(({ name }) => name),
    spec.audiences.map(({ rule, allocations }) => [
      rule ?? null,
      allocations.map(({ variant, percent }) => [variant, percent]),
    ]),
    // Only if they are used, so that the checksums of other experiments stay the same.
    ...(segments === undefined ? [] : ['segments', segments.map((one) => [one.name, one.rule])]),
    ...(prerequisites === undefined
      ? []
      : ['prerequisites', prerequisites.map((one) => [one.name, one.digest])]),
  ]);
}

/**
 * Returns the checksum of everything that determines the assignments of an experiment in a namespace:
 * the unit, the number of segments, the sampling, the inputs, the script or the variants with their weights, and the
 * history up to the line that added it. Later lines move none of its units.
 *
 * @returns 16 hexadecimal digits, of SHA-256
 */
export function additionChecksum(
  { spec, added }: CompiledNamespace,
  experiment: AddedExperiment,
): string {
  // Additions are numbered from 1.
  const number = added.indexOf(experiment);
  let additions = 0;
  const last = spec.history.findIndex((line) => 'add' in line && ++additions === number);
  const line = spec.history[last];
  const defined = line !== undefined && 'add' in line ? line.experiment : experiment.name;
  const definition = spec.experiments.find(({ name }) => name === defined);
  return checksumOf([
    'namespace',
    spec.name,
    spec.unit,
    spec.segments,
    Object.entries(spec.inputs),
    definition?.script?.checksum ?? null,
    definition?.variants?.map(({ name, weight }) => [name, weight]) ?? null,
    spec.history.slice(0, last + 1),
    // Only if it is not the default, so that earlier checksums stay the same.
    ...(spec.sampling === 'full' ? [] : [spec.sampling]),
  ]);
}

function checksumOf(parts: readonly unknown[]): string {
  return nodeCrypto()
    .hash('sha256', JSON.stringify([ASSIGNMENT_VERSION, ...parts]))
    .slice(0, DIGITS);
}
