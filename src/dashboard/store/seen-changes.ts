import { isDeepStrictEqual } from 'node:util';
import { member } from '../../json/own.ts';
import type { Revision } from '../../specification/types.ts';
import type {
  Authorship,
  DocumentPart,
  HistoryQuery,
  PastChange,
  StoredDocument,
} from './workspace.ts';

/** The most documents and changes that are remembered. */
const MAX_DOCUMENTS = 20;
const MAX_CHANGES = 500;

const DEFAULT_LIMIT = 50;

/** The kinds of parts by the lists of a document. */
const KINDS = {
  experiments: 'experiment',
  segments: 'segment',
  holdouts: 'holdout',
  metrics: 'metric',
} as const;

/** The changes that this process has seen, for stores that keep no history. */
export class SeenChanges {
  /** The oldest first. */
  readonly #documents: StoredDocument[] = [];
  /** The newest first. */
  #changes: PastChange[] = [];

  /**
   * Remembers a document. Whatever differs from the last one is a change.
   *
   * @param by the author, if this process wrote it
   * @param at ISO 8601; undefined if it is not known when the change was made
   */
  see(document: StoredDocument, by?: Authorship, at?: string): void {
    const last = this.#documents.at(-1);
    if (last?.revision === document.revision) return;
    if (last !== undefined) {
      const found = changesBetween(last, document).map((change) => ({
        ...change,
        revision: document.revision,
        author: by?.author,
        reason: by === undefined || by.reason === '' ? undefined : by.reason,
        at,
      }));
      this.#changes = [...found, ...this.#changes].slice(0, MAX_CHANGES);
    }
    this.#documents.push(document);
    if (this.#documents.length > MAX_DOCUMENTS) this.#documents.shift();
  }

  /** Returns the changes, the newest first. */
  changes({ part, limit = DEFAULT_LIMIT, before }: HistoryQuery = {}): readonly PastChange[] {
    const end =
      before === undefined
        ? 0
        : this.#changes.findLastIndex(({ revision }) => revision === before) + 1;
    return this.#changes
      .slice(end)
      .filter((one) => part === undefined || isSamePart(one.part, part))
      .slice(0, limit);
  }

  /** Returns the document of a revision; undefined if it is no longer known. */
  at(revision: Revision): StoredDocument | undefined {
    return this.#documents.findLast((one) => one.revision === revision);
  }
}

function isSamePart(one: DocumentPart, other: DocumentPart): boolean {
  return one.kind === other.kind && one.name === other.name;
}

type FoundChange = Pick<PastChange, 'part' | 'action' | 'before' | 'after'>;

function changesBetween(before: StoredDocument, after: StoredDocument): FoundChange[] {
  const [old, now] = [partsOf(before.text), partsOf(after.text)];
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].flatMap((key): FoundChange[] => {
    const [one, other] = [old.get(key), now.get(key)];
    const part = (other ?? one)?.part;
    if (part === undefined || isDeepStrictEqual(one?.value, other?.value)) return [];
    const action = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    return [{ part, action, before: textOf(one), after: textOf(other) }];
  });
}

interface FoundPart {
  readonly part: DocumentPart;
  readonly value: unknown;
}

function textOf(found: FoundPart | undefined): string | undefined {
  return found && JSON.stringify(found.value, undefined, 2);
}

/** Returns the parts of a document by kind and name. */
function partsOf(text: string): Map<string, FoundPart> {
  const found = new Map<string, FoundPart>();
  const data: unknown = JSON.parse(text);
  const whole: unknown = Array.isArray(data) ? { experiments: data as unknown[] } : data;
  for (const [list, kind] of Object.entries(KINDS)) {
    const entries: unknown = member(whole, list);
    for (const value of Array.isArray(entries) ? (entries as unknown[]) : []) {
      const name = nameOf(value);
      found.set(`${kind} ${name}`, { part: { kind, name }, value });
    }
  }
  const context = member(whole, 'context');
  if (context !== undefined) {
    found.set('context', { part: { kind: 'context', name: 'context' }, value: context });
  }
  return found;
}

/** Returns the name of an entry: of a switch in shorthand, the text before the colon. */
function nameOf(entry: unknown): string {
  return typeof entry === 'string' ? (entry.split(':', 1)[0] ?? '') : String(member(entry, 'name'));
}
