import { EvenhandError } from '../../errors/evenhand-error.ts';
import { StoreError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { within } from '../../runtime/within.ts';
import type { Revision } from '../../specification/types.ts';
import { SeenChanges } from './seen-changes.ts';
import type { SpecificationStore } from './specification-store.ts';
import type { StoredDocument, Workspace } from './workspace.ts';

/** The longest time for reading and for writing, in milliseconds. */
const READ_MS = 5000;
const WRITE_MS = 10_000;

const NAME = 'the store';

/**
 * Returns the workspace of a store of whole specifications. It knows only the changes that this process has
 * seen.
 *
 * @param now milliseconds since 1970
 */
export function documentWorkspace(store: SpecificationStore, now: () => number): Workspace {
  const name = nameOf(store);
  const seen = new SeenChanges();
  return {
    name,
    history: 'process',
    async read() {
      const document = await asked(name, READ_MS, async () => documentIn(await store.read()));
      if (document === undefined) {
        throw new StoreError(`${name} has no specification yet; write one first`);
      }
      seen.see(document);
      return document;
    },
    async write({ base, text }, by) {
      const put = { expectedRevision: base.revision, author: by.author, reason: by.reason };
      const revision = await asked(name, WRITE_MS, async () =>
        revisionIn(await store.put(text, put)),
      );
      if (revision === undefined) {
        throw new StoreError(`${name}: put() must return the new revision, a number or a text`);
      }
      seen.see(base);
      seen.see({ text, revision }, by, new Date(now()).toISOString());
      return revision;
    },
    changes: async (query) => seen.changes(query),
    at: async (revision) => seen.at(revision),
  };
}

/** Waits for an application's store, with a bound. Errors of its own are kept; all others become StoreErrors. */
async function asked<Value>(name: string, ms: number, ask: () => Promise<Value>): Promise<Value> {
  try {
    const late = () => new StoreError(`${name} has not answered for ${ms / 1000} seconds`);
    return await within(ask(), ms, late);
  } catch (error) {
    if (error instanceof EvenhandError) throw error;
    throw new StoreError(`${name}: ${thrownMessage(error)}`, { cause: error });
  }
}

function documentIn(stored: unknown): StoredDocument | undefined {
  if (stored === undefined || stored === null) return undefined;
  const { text, revision } = Object(stored) as Record<string, unknown>;
  const found = revisionIn(revision);
  if (typeof text !== 'string' || found === undefined) {
    // asked() puts the store's name before it.
    throw new Error('read() must return { text, revision }');
  }
  return { text, revision: found };
}

function revisionIn(value: unknown): Revision | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function nameOf(store: SpecificationStore): string {
  try {
    const { name } = store;
    return typeof name === 'string' && name !== '' ? name : NAME;
  } catch {
    return NAME;
  }
}
