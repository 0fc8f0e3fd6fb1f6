import { compileNamespace } from '../../assignment/namespaces/namespace.ts';
import { AnalysisError } from '../../errors/analysis-error.ts';
import { quote } from '../../errors/show-value.ts';
import { additionChecksum, experimentChecksum } from '../../exposures/records/checksum.ts';
import { percentsByVariant } from '../../specification/percents.ts';
import { specificationAt, switchesOf } from '../../specification/schedule/schedule.ts';
import type { ExperimentSpec, Specification } from '../../specification/types.ts';
import type { PlannedAudience } from './analysis-plan.ts';
import type { NamespaceSubject, PlanSubject, SingleSubject } from './plan-subject.ts';

/** The checksum that is analysed, and the shares that belong to it. */
export interface PlannedShares {
  readonly checksum: string;
  /** Empty if the shares are not known. */
  readonly audiences: readonly PlannedAudience[];
}

/**
 * Returns the checksum and the shares of an analysis.
 *
 * @param until the end of the analysis; the audiences in force just before it count
 * @param checksum of other assignments; their shares are known if a step of the schedule has it
 */
export function planShares(
  specification: Specification,
  subject: PlanSubject,
  until: number,
  checksum: string | undefined,
): PlannedShares {
  if (subject.kind === 'addition') {
    const own = checksumOfAddition(subject);
    const audiences = checksum === undefined || checksum === own ? sharesOf(subject) : [];
    return { checksum: checksum ?? own, audiences };
  }
  const instants = [until - 1];
  // Checksums of earlier and later steps, of this experiment or of those that it asks for.
  if (checksum !== undefined) {
    instants.push(...switchesOf(specification), Number.NEGATIVE_INFINITY);
  }
  for (const instant of instants) {
    const spec = specAt(specification, subject, instant);
    const own = experimentChecksum(spec);
    if (checksum === undefined || checksum === own) {
      return { checksum: own, audiences: audiencesOf(spec) };
    }
  }
  return { checksum: checksum ?? '', audiences: [] };
}

function specAt(
  specification: Specification,
  { kind, spec }: SingleSubject,
  instant: number,
): ExperimentSpec {
  if (kind === 'holdout') return spec;
  const { experiments } = specificationAt(specification, instant);
  return experiments.find(({ name }) => name === spec.name) ?? spec;
}

function audiencesOf({ audiences, variants }: ExperimentSpec): PlannedAudience[] {
  return audiences.map(({ rule, allocations }, audience) => {
    const given = percentsByVariant(allocations);
    const percents = Object.fromEntries(variants.map(({ name }) => [name, given.get(name) ?? 0]));
    return { audience, ...(rule !== undefined && { rule }), percents };
  });
}

function checksumOfAddition({ name, namespace, number }: NamespaceSubject): string {
  const compiled = compileNamespace(namespace);
  const added = compiled.added[number];
  if (added === undefined) throw new AnalysisError(`${quote(name)} is not in its namespace`);
  return additionChecksum(compiled, added);
}

/** Returns the shares of the variants by their weights; none for a script. */
function sharesOf({ spec: { variants } }: NamespaceSubject): PlannedAudience[] {
  if (variants === undefined) return [];
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  if (sum === 0) return [];
  const percents = variants.map(({ name, weight }) => [name, (weight / sum) * 100] as const);
  return [{ audience: 0, percents: Object.fromEntries(percents) }];
}
