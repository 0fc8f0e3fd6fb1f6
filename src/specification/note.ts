import { quote } from '../errors/show-value.ts';

/** What a check is handed to note what it finds. */
export type Note = (path: string, say: () => string) => void;

/** What has a name of its own among its like. */
type Named = 'experiment' | 'namespace' | 'variant';

/**
 * Notes a name that has been declared before. The places of names are made from numbers only where one
 * has to be told: most never are.
 */
export class UniqueNames {
  private readonly kind: Named;
  private readonly list: string;
  private readonly taken = new Map<string, number>();

  /** @param list the path of the list whose items have the names */
  constructor(kind: Named, list: string) {
    this.kind = kind;
    this.list = list;
  }

  /** The names, each with the index in the list where it was declared first. */
  get declared(): ReadonlyMap<string, number> {
    return this.taken;
  }

  /** @param place where the name stands in the item: `/name`, or nothing where it is the item */
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
      () => `the ${kind} ${quote(name)} is declared twice: ${list}/${first} has this name too`,
    );
  }
}

/** A list as it is; nothing else has items. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
