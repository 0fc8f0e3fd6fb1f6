import { EvenhandError } from '../../errors/evenhand-error.ts';
import { StoreError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { within } from '../../runtime/within.ts';
import type { Workspace } from './workspace.ts';

/** The longest times that a store is waited for, in milliseconds. */
export interface StoreLimits {
  readonly readMs: number;
  readonly writeMs: number;
}

/** The limits of all dashboards. */
export const STORE_LIMITS: StoreLimits = { readMs: 5000, writeMs: 10_000 };

const NAME = 'the store';

/**
 * Waits for an application's store, with a bound. Rejects with Evenhand's own errors as they are, and with
 * StoreError (`store`) for all others and after the time.
 */
export async function asked<Value>(
  name: string,
  ms: number,
  ask: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    const late = (): Error => new StoreError(`${name} has not answered for ${ms / 1000} seconds`);
    return await within(ask(), ms, late);
  } catch (error) {
    if (error instanceof EvenhandError) throw error;
    throw new StoreError(`${name}: ${thrownMessage(error)}`, { cause: error });
  }
}

/** Returns the name of a store of the application, which may have none. Never throws. */
export function nameOf(store: { readonly name?: unknown }): string {
  try {
    const { name } = store;
    return typeof name === 'string' && name !== '' ? name : NAME;
  } catch {
    return NAME;
  }
}

/** Returns a workspace of the application with a bound on every call. */
export function boundedWorkspace(
  workspace: Workspace,
  { readMs, writeMs }: StoreLimits,
): Workspace {
  const name = nameOf(workspace);
  return {
    name,
    history: workspace.history === 'all' ? 'all' : 'process',
    read: () => asked(name, readMs, () => workspace.read()),
    write: (edit, by) => asked(name, writeMs, () => workspace.write(edit, by)),
    changes: (query) => asked(name, readMs, () => workspace.changes(query)),
    at: (revision) => asked(name, readMs, () => workspace.at(revision)),
  };
}
