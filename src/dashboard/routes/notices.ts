import type { DocumentPart } from '../store/workspace.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** The news that a page shows once, after a form was sent. */
export interface Notice {
  readonly text: string;
  /** The address of a proposal; undefined if there is none. */
  readonly href: string | undefined;
  /** The page that undoes the change: its path from the root, and the part; undefined if there is none. */
  readonly undo: ({ readonly path: string } & DocumentPart) | undefined;
}

/** The most notices that are kept. */
const MAX_NOTICES = 200;

/** The time that a notice waits for its page, in milliseconds. */
const KEPT_MS = 60_000;

/** 128 bits: nobody can guess an id, so no link can make a page show a notice. */
const ID_BYTES = 16;

/**
 * The notices that wait for their page. They are in the memory of this process: behind a proxy that sends
 * the next request to another one, the page appears without a notice.
 */
export class Notices {
  private readonly now: () => number;
  private readonly waiting = new Map<string, { readonly notice: Notice; readonly until: number }>();

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Keeps a notice for a minute, unless 200 newer ones come first. Returns its id. */
  keep(notice: Notice): string {
    const now = this.now();
    for (const [id, { until }] of this.waiting) {
      if (until > now && this.waiting.size < MAX_NOTICES) break;
      this.waiting.delete(id);
    }
    const id = nodeCrypto().randomBytes(ID_BYTES).toString('base64url');
    this.waiting.set(id, { notice, until: now + KEPT_MS });
    return id;
  }

  /** Returns the notice with an id, once; undefined if there is none. */
  take(id: string | null): Notice | undefined {
    const found = id === null ? undefined : this.waiting.get(id);
    if (id === null || found === undefined) return undefined;
    this.waiting.delete(id);
    return found.until > this.now() ? found.notice : undefined;
  }
}
