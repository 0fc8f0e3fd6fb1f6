import { boundedWorkspace, STORE_LIMITS, type StoreLimits } from './asked.ts';
import { documentWorkspace } from './document-workspace.ts';
import type { SpecificationStore } from './specification-store.ts';
import type { Workspace } from './workspace.ts';

/**
 * Returns the workspace of a store of the application; a workspace gets a bound on every call.
 *
 * @param now returns the time in milliseconds since 1970
 */
export function workspaceOf(
  store: SpecificationStore | Workspace,
  now: () => number,
  limits: StoreLimits = STORE_LIMITS,
): Workspace {
  const isWorkspace = 'write' in store && 'changes' in store;
  return isWorkspace ? boundedWorkspace(store, limits) : documentWorkspace(store, now, limits);
}
