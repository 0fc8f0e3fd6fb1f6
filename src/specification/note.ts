import { quote } from '../errors/show-value.ts';

/** The function that a check calls for each finding. */
export type Note = (path: string, say: () => string) => void;

/** The kinds of item whose names are unique in their list. */
type Named = 'experiment' | 'namespace' | 'segment' | 'holdout' | 'metric' | 'variant';

/**
 * Reports names that are declared twice in a list. Builds the path of a name only for a finding, because
 * most names have none.
 */
export class UniqueNames {
  private readonly kind: Named;
  private readonly list: string;
  private readonly taken = new Map<string, number>();

  /** @param list JSON Pointer to the list whose items have the names */
  constructor(kind: Named, list: string) {
    this.kind = kind;
    this.list = list;
  }

  /** The names, each with the index of its first declaration in the list. */
  get declared(): ReadonlyMap<string, number> {
    return this.taken;
  }

  /** @param place the pointer from the item to its name: `/name`, or `''` when the item is the name */
  add(name: unknown, index: number, place: '/name' | '', note: Note): void {
    if (typeof name !== 'string') return;
    const first = this.taken.get(name);
    if (first === undefined) this.taken.set(name, index);
    else this.noteTwice(name, index, place, first, note);
  }

  private noteTwice(name: string, index: number, place: string, first: number, note: Note): void {
    const { kind, list } = this;
    note(
      `${list}/${index}${place}`,
      () =>
        `${kind} ${quote(name)} is declared twice: ${list}/${first} has the same name; rename one of them`,
    );
  }
}

/** Returns a list unchanged, and an empty list for any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
