import { createPolicy } from '../../assignment/policy.ts';
import { Snapshot } from '../../assignment/snapshot.ts';
import type { ChangedRow } from '../../integrations/postgres/store/change-set.ts';
import type { StoreChange } from '../../integrations/postgres/store/store.ts';
import { atOnce } from '../../runtime/steps.ts';
import { readSpecification } from '../../specification/read.ts';
import { diffJson } from '../output/diff/diff-json.ts';
import { diffSpecifications, isHarmfulDiff } from '../../workbench/diff/diff-specifications.ts';
import { DEFAULT_PARKED } from '../../changes/parked.ts';
import { renderDiff } from '../output/diff/render-diff.ts';
import { FOUND } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { DEFAULT_UNITS } from '../arguments/simulation-job.ts';

/** The words for what has happened to an entry. */
const ACTIONS: Readonly<Record<ChangedRow['action'], string>> = {
  put: 'stored',
  remove: 'removed',
  none: 'unchanged',
};

/** Prints the result of a change, or with `--dry-run` who would move. */
export async function showChange(
  host: Host,
  change: StoreChange,
  { json, dryRun }: { readonly json?: true; readonly dryRun?: true },
): Promise<void> {
  if (dryRun) {
    await showMoves(host, change, json);
    return;
  }
  const { revision, changes } = change;
  if (json) {
    printJson(host, { revision, changes });
    return;
  }
  for (const { name, kind, action, version } of changes) {
    const what = kind === 'context' ? 'declared context' : printable(name);
    host.stdout.write(`${what} ${ACTIONS[action]}, version ${version}\n`);
  }
  host.stdout.write(`revision ${revision}\n`);
}

async function showMoves(
  host: Host,
  { changes, before, after }: StoreChange,
  json: true | undefined,
): Promise<void> {
  const view = { units: DEFAULT_UNITS, parked: new Set(DEFAULT_PARKED) };
  const found = await diffSpecifications(
    snapshotOf(before, 'current experiments'),
    snapshotOf(after, 'changed experiments'),
    view,
  );
  if (json) printJson(host, { dryRun: true, changes, diff: diffJson(found) });
  else host.stdout.write(renderDiff(found, view, createColour(host.stdout.colour)));
  if (isHarmfulDiff(found)) host.setExitCode(FOUND);
}

/** @param origin the name of the set, for messages */
function snapshotOf(set: unknown, origin: string): Snapshot {
  const specification = atOnce(readSpecification({ data: set, origin, named: true }, 'any'));
  return atOnce(Snapshot.steps(specification, createPolicy({ logger: false })));
}
