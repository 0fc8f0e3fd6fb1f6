import type { Snapshot } from '../../assignment/snapshot.ts';
import { HELD_OUT } from '../../specification/holdouts.ts';
import { percentsByVariant } from '../../specification/percents.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { variantColours, isSwitch } from '../../ui/variant-key.ts';
import { cut } from './texts.ts';
import type { ViewedExperiment } from './toolbar-view.ts';

/** The most variants whose shares are listed; of more, only the number is shown. */
const MAX_SHARES = 4;

/** The views of experiments, which are the same for all requests. */
const views = new WeakMap<ExperimentSpec, ViewedExperiment>();

/** Returns an experiment, switch or holdout as it is shown. */
export function viewExperiment(spec: ExperimentSpec, isHoldout: boolean): ViewedExperiment {
  let view = views.get(spec);
  if (view === undefined) views.set(spec, (view = describe(spec, isHoldout)));
  return view;
}

function describe(spec: ExperimentSpec, isHoldout: boolean): ViewedExperiment {
  const { name, description, owner } = spec;
  const names = spec.variants.map((variant) => variant.name);
  const colours = variantColours(names);
  const kind = isHoldout ? 'holdout' : isSwitch(names) ? 'switch' : 'experiment';
  return {
    name,
    kind,
    description: description === undefined ? undefined : cut(description),
    owner: owner === undefined ? undefined : cut(owner),
    variants: names.map((variant) => ({ name: variant, colour: colours.get(variant) ?? '0' })),
    allocation: isHoldout ? heldOut(spec) : allocationOf(spec),
  };
}

/** Describes the allocation: "everyone: on", "50% treatment, 50% control", "3 audiences". */
function allocationOf({ audiences }: ExperimentSpec): string {
  const [only, ...others] = audiences;
  if (only === undefined || others.length > 0) return `${audiences.length} audiences`;
  const shares = [...percentsByVariant(only.allocations)].filter(([, percent]) => percent > 0);
  const [[whole] = []] = shares;
  if (shares.length === 1) return cut(`everyone: ${whole ?? ''}`);
  if (shares.length > MAX_SHARES) return `${shares.length} variants`;
  return cut(shares.map(([variant, percent]) => `${percent}% ${variant}`).join(', '));
}

function heldOut({ audiences }: ExperimentSpec): string {
  const allocation = audiences[0]?.allocations.find(({ variant }) => variant === HELD_OUT);
  return `${allocation?.percent ?? 0}% held out`;
}

/** The most experiments that are listed. */
const MAX_LISTED = 1000;

/** Returns the experiments, switches and holdouts of a snapshot that are not in a list, by name. */
export function unusedExperiments(
  snapshot: Snapshot,
  used: ReadonlySet<string>,
): ViewedExperiment[] {
  const { experiments } = snapshot.setup;
  const holdouts = experiments.holdouts?.all ?? [];
  const all = [
    ...experiments.all.map(({ spec }) => ({ spec, isHoldout: false })),
    ...holdouts.map(({ spec }) => ({ spec, isHoldout: true })),
  ];
  return all
    .filter(({ spec }) => !used.has(spec.name))
    .sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
    .slice(0, MAX_LISTED)
    .map(({ spec, isHoldout }) => viewExperiment(spec, isHoldout));
}
