/**
 * Tracks the names that a script has certainly set, in the order in which its parts run. A name that is
 * read before it is set is an input. Takes time in proportion to the script.
 */
export class NameFlow {
  /** The names that some run reads before it has set them. */
  readonly inputs = new Set<string>();
  readonly #set = new Set<string>();
  /** The names in `#set`, in the order in which they were added. */
  readonly #trail: string[] = [];
  /** True after `return`: the parts that follow never run. */
  #isOver = false;

  /** Notes that the script reads a name. */
  read(name: string): void {
    if (!this.#isOver && !this.#set.has(name)) this.inputs.add(name);
  }

  /** Notes that the script sets a name. */
  set(name: string): void {
    if (this.#set.has(name)) return;
    this.#set.add(name);
    this.#trail.push(name);
  }

  /** Notes that the script ends here. */
  end(): void {
    this.#isOver = true;
  }

  /** Begins a part that may be skipped. */
  begin(): FlowMark {
    return { length: this.#trail.length, isOver: this.#isOver };
  }

  /** Ends a part that may be skipped. What it sets is not certain afterwards. */
  forget({ length, isOver }: FlowMark): void {
    for (const name of this.#trail.splice(length)) this.#set.delete(name);
    this.#isOver = isOver;
  }

  /** Returns an object that follows parts of which at most one runs. */
  alternatives(): Alternatives {
    const counts = new Map<string, number>();
    let ways = 0;
    return {
      endPart: (mark) => {
        if (!this.#isOver) {
          ways++;
          for (const name of this.#trail.slice(mark.length)) {
            counts.set(name, (counts.get(name) ?? 0) + 1);
          }
        }
        this.forget(mark);
      },
      end: () => {
        if (ways === 0) this.end();
        for (const [name, count] of counts) if (count === ways) this.set(name);
      },
    };
  }
}

/** The state at the beginning of a part. */
export interface FlowMark {
  readonly length: number;
  readonly isOver: boolean;
}

/** Parts of a script of which at most one runs. */
interface Alternatives {
  /** Ends one of the parts, which began at a mark. */
  endPart(mark: FlowMark): void;
  /** Ends parts of which exactly one runs: names that all of them set are certain. */
  end(): void;
}
