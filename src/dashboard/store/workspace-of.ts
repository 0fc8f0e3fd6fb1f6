import { documentWorkspace } from './document-workspace.ts';
import type { SpecificationStore } from './specification-store.ts';
import type { Workspace } from './workspace.ts';

/**
 * Returns the workspace of a store of the application; a workspace stays as it is.
 *
 * @param now returns the time in milliseconds since 1970
 */
export function workspaceOf(store: SpecificationStore | Workspace, now: () => number): Workspace {
  return 'put' in store ? documentWorkspace(store, now) : store;
}
