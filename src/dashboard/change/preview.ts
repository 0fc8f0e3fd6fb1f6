import { createPolicy } from '../../assignment/policy.ts';
import { Snapshot } from '../../assignment/snapshot.ts';
import { DEFAULT_PARKED } from '../../changes/parked.ts';
import type { SpecificationText } from '../../changes/find-experiment.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { specificationAt } from '../../specification/schedule/schedule.ts';
import type { Specification } from '../../specification/types.ts';
import { diffSpecifications } from '../../workbench/diff/diff-specifications.ts';
import type { DocumentPart } from '../store/workspace.ts';
import { partText } from './parts.ts';
import { type ChangeRequest, readDocument } from './plan.ts';
import type { ChangeEffect, ExperimentMovement } from './movement.ts';
import { type Sentence, sentencesFor } from './sentences.ts';

/** The consequences of a planned change. */
export interface ChangePreview {
  readonly part: DocumentPart;
  /** The documents; `after` is the one to write. */
  readonly before: SpecificationText;
  readonly after: SpecificationText;
  /** The part as JSON before and after; undefined where it does not exist. */
  readonly beforeText: string | undefined;
  readonly afterText: string | undefined;
  /** The moves of each experiment that the change affects. */
  readonly movement: readonly ExperimentMovement[];
  /**
   * The largest share of an audience that sees a different shown variant, 0 to 1; 1 if an experiment is removed,
   * because code that asks for it then gets no variant.
   */
  readonly harmful: number;
  /** The sentences that a reader sees before saving. */
  readonly sentences: readonly Sentence[];
}

/** The units that are generated where seeds differ: enough for whole percents, in a tenth of a second. */
const UNITS = 20_000;

const PARKED = new Set(DEFAULT_PARKED);

const silent = createPolicy({ logger: false });
const never = new AbortController().signal;

/**
 * Returns what a change does to a document: its validated text, and who moves where.
 *
 * @throws EvenhandError (`option`, `spec`, `json`, `source`) if it can't be made
 */
export async function previewOn(
  base: SpecificationText,
  request: ChangeRequest,
): Promise<ChangePreview> {
  const text = request.plan(base);
  const after = text === base.text ? base : await readDocument({ text }, base.origin, base.atMs);
  const effect = await effectOf(base, after);
  const worst = effect.movement.map(({ comparison }) => comparison.worst);
  const harmful = effect.removed.length > 0 ? 1 : Math.max(0, ...worst);
  return {
    part: request.part,
    before: base,
    after,
    beforeText: partText(base, request.part),
    afterText: partText(after, request.part),
    movement: effect.movement,
    harmful,
    sentences: sentencesFor(effect, after),
  };
}

/** Compares the experiments that differ, so that the others need not be compiled. */
async function effectOf(
  base: SpecificationText,
  changed: SpecificationText,
): Promise<ChangeEffect> {
  const before = specificationAt(base.specification, base.atMs);
  const after = specificationAt(changed.specification, base.atMs);
  const names = differing(before, after);
  if (names.size === 0) return { movement: [], added: [], removed: [] };
  const [one, other] = [await compiled(before, names), await compiled(after, names)];
  const view = { units: UNITS, parked: PARKED };
  const { changed: diffs, added, removed } = await diffSpecifications(one, other, view);
  const movement = diffs.map(({ name, changes, comparison }) => ({
    experiment: name,
    changes,
    comparison,
    before: comparison.before.spec,
    after: comparison.after.spec,
  }));
  return { movement, added, removed };
}

/** Returns the experiments whose decisions may differ, and those that their rules ask for. */
function differing(before: Specification, after: Specification): ReadonlySet<string> {
  const old = new Map(before.experiments.map((spec) => [spec.name, JSON.stringify(spec)]));
  const names = new Set<string>();
  for (const spec of after.experiments) {
    if (old.get(spec.name) !== JSON.stringify(spec)) names.add(spec.name);
    old.delete(spec.name);
  }
  for (const name of old.keys()) names.add(name);
  for (const { name, experiments } of changedHoldouts(before, after)) {
    names.add(name);
    for (const listed of experiments) names.add(listed);
  }
  for (const { experiments } of [before, after]) {
    for (const { name, prerequisites = [] } of experiments) {
      if (names.has(name)) for (const asked of prerequisites) names.add(asked.name);
    }
  }
  return names;
}

function changedHoldouts(
  before: Specification,
  after: Specification,
): NonNullable<Specification['holdouts']> {
  const [one = [], other = []] = [before.holdouts, after.holdouts];
  const texts = new Set(one.map((holdout) => JSON.stringify(holdout)));
  const kept = new Set(other.map((holdout) => JSON.stringify(holdout)));
  return [...one, ...other].filter((holdout) => {
    const text = JSON.stringify(holdout);
    return !(texts.has(text) && kept.has(text));
  });
}

function compiled(whole: Specification, names: ReadonlySet<string>): Promise<Snapshot> {
  const experiments = whole.experiments.filter(({ name }) => names.has(name));
  const holdouts = whole.holdouts?.filter((holdout) =>
    holdout.experiments.some((name) => names.has(name)),
  );
  const part = { ...whole, experiments, namespaces: [], ...(holdouts && { holdouts }) };
  return inSlices(Snapshot.steps(part, silent), never);
}
