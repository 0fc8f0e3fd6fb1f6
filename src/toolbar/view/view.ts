import type { Request } from 'express';
import type { Inspection } from '../../express/inspection/inspection.ts';
import { partsOf } from '../../express/request/middleware-parts.ts';
import { unseenReason } from '../../express/request/visit.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import type { ToolbarOptions } from '../options.ts';
import { contextJson } from './context-json.ts';
import { type DecisionSetup, viewDecision } from './decisions.ts';
import { unusedExperiments } from './experiments.ts';
import { viewNamespace } from './namespaces.ts';
import { viewPage } from './page.ts';
import { Redactor } from './redactor.ts';
import { hidingIn } from './hidden-texts.ts';
import { attempt, cut } from './texts.ts';
import type { ToolbarView, ViewedDecision, ViewedOverride, ViewedValue } from './toolbar-view.ts';

/** The request that is shown, and how. */
export interface ViewSetup {
  /** The middleware that `evenhand()` returned. */
  readonly middleware: object;
  readonly req: Request;
  readonly redact: ToolbarOptions['redact'];
}

/** The most values and overrides that are listed. */
const MAX_VALUES = 100;
const MAX_FORCED = 100;

/**
 * Returns everything that the toolbar shows of a request. It has no effect: nothing is decided, drawn,
 * recorded, counted or logged, and no cookie or header changes.
 *
 * @throws OptionError (`option`) for a middleware that is not Evenhand's
 */
export function toolbarView(inspection: Inspection, setup: ViewSetup): ToolbarView {
  const { middleware, req, redact } = setup;
  const parts = partsOf('toolbar()', middleware);
  const { secret, records, overrideCookie } = parts;
  const snapshot = inspection.snapshot ?? parts.inForce();
  const units = unitPaths(snapshot);
  const redactor = new Redactor({ redact, secret, units });
  const facts = { records, unseen: unseenReason(req) };
  const asked = [...inspection.asked];
  const shared: DecisionSetup = {
    inspection,
    redactor,
    hideIn: hidingIn(
      inspection,
      asked.map(({ name }) => name),
      redactor,
    ),
    facts,
    canForce: overrideCookie !== undefined,
  };
  const used = asked
    .filter(({ kind }) => kind === 'experiment')
    .map((one) => viewDecision(one, shared));
  const names = new Set(used.map(({ name }) => name));
  return {
    page: viewPage(inspection, snapshot, parts, req, redactor),
    used,
    namespaces: asked
      .filter(({ kind }) => kind === 'namespace')
      .map((one) => viewNamespace(one, shared)),
    unused: snapshot === undefined ? [] : unusedExperiments(snapshot, names),
    context: valuesIn(used),
    contextJson: attempt(
      () => contextJson(inspection, names, redactor),
      () => '{}',
    ),
    forced: viewOverrides(inspection),
  };
}

/** Returns the paths of all units of a snapshot. */
function unitPaths(snapshot: Snapshot | undefined): ReadonlySet<string> {
  if (snapshot === undefined) return new Set();
  const { experiments, holdouts, namespaces } = snapshot;
  return new Set([
    ...[...experiments, ...holdouts].flatMap(({ identity }) => identityPaths(identity)),
    ...namespaces.flatMap(({ unit }) => unit),
  ]);
}

/** Returns the context values that rules read, each once. */
function valuesIn(used: readonly ViewedDecision[]): ViewedValue[] {
  const values = new Map<string, string>();
  for (const { audiences } of used) {
    for (const { clauses } of audiences) {
      for (const clause of clauses) {
        for (const [path, value] of Object.entries(clause.values)) {
          if (values.size >= MAX_VALUES) break;
          if (/^(?:experiments|segments)\s*\./.test(path)) continue;
          values.set(path, cut(typeof value === 'string' ? value : JSON.stringify(value)));
        }
      }
    }
  }
  return [...values].map(([path, text]) => ({ path, text }));
}

function viewOverrides({ overrides, granted }: Inspection): ViewedOverride[] {
  return [...overrides].slice(0, MAX_FORCED).map(([name, value]) => ({
    name: cut(name),
    value: cut(value),
    from: granted.has(name) ? 'link' : 'cookie',
  }));
}
