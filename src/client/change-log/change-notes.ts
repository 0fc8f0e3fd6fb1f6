import { escapeInvisible } from '../../errors/show-value.ts';
import type { ChangeNote } from '../../specification/raw.ts';
import type { Change } from '../change.ts';

/** The facts about a change that only its source can know. */
type Noted = Pick<Change, 'author' | 'reason' | 'changedAt'>;

/** The most notes that are read; the log names only a few changes. */
const MAX_NOTES = 1000;

/** The most characters of an author or a reason that are shown. */
const MAX_TEXT = 200;

const NOTHING: Noted = { author: undefined, reason: undefined, changedAt: undefined };

/** The notes of a source about a delivery. A source may be written without types. */
export class ChangeNotes {
  private readonly experiments = new Map<unknown, Noted>();
  private readonly namespaces = new Map<unknown, Noted>();
  /** The last note that names nothing: it is about all changes. */
  private general = NOTHING;

  constructor(notes: readonly ChangeNote[] | undefined) {
    try {
      if (!Array.isArray(notes)) return;
      for (const note of notes.slice(0, MAX_NOTES)) this.read(note);
    } catch {
      // A getter threw. The changes themselves are known without notes.
    }
  }

  /** Returns what the source knows about a change. */
  about({ kind, name }: Pick<Change, 'kind' | 'name'>): Noted {
    const named = kind === 'namespace' ? this.namespaces : this.experiments;
    return named.get(name) ?? this.general;
  }

  private read(note: unknown): void {
    if (typeof note !== 'object' || note === null) return;
    const { experiment, namespace, author, reason, at } = note as Record<string, unknown>;
    const noted = { author: textIn(author), reason: textIn(reason), changedAt: textIn(at) };
    if (experiment !== undefined) this.experiments.set(experiment, noted);
    else if (namespace !== undefined) this.namespaces.set(namespace, noted);
    else this.general = noted;
  }
}

function textIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return escapeInvisible(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT - 1)}…` : value);
}
