import { StoreError } from '../../errors/store-errors.ts';
import type { Revision } from '../../specification/types.ts';
import { asked, nameOf, STORE_LIMITS, type StoreLimits } from './asked.ts';
import { SeenChanges } from './seen-changes.ts';
import type { SpecificationStore } from './specification-store.ts';
import type { StoredDocument, Workspace } from './workspace.ts';

/**
 * Returns the workspace of a store of whole specifications. It knows only the changes that this process has
 * seen.
 *
 * @param now milliseconds since 1970
 */
export function documentWorkspace(
  store: SpecificationStore,
  now: () => number,
  limits: StoreLimits = STORE_LIMITS,
): Workspace {
  const name = nameOf(store);
  const seen = new SeenChanges();
  return {
    name,
    history: 'process',
    async read() {
      const document = await asked(name, limits.readMs, async () => documentIn(await store.read()));
      if (document === undefined) {
        throw new StoreError(`${name} has no specification yet; write one first`);
      }
      seen.see(document);
      return document;
    },
    async write({ base, text }, by) {
      const put = { expectedRevision: base.revision, author: by.author, reason: by.reason };
      const revision = await asked(name, limits.writeMs, async () =>
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
