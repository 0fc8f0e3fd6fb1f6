/**
 * Follows which names a script has certainly set, in the order in which its parts run. A name that is read
 * before that is an input. Takes time in proportion to the script.
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

  /** Follows a part that may be skipped. What it sets is not certain afterwards. */
  maybe<T>(parse: () => T): T {
    const before = this.#trail.length;
    const wasOver = this.#isOver;
    const result = parse();
    this.#forget(before, wasOver);
    return result;
  }

  /** Returns an object that follows parts of which at most one runs. */
  alternatives(): Alternatives {
    const counts = new Map<string, number>();
    let ways = 0;
    return {
      follow: (parse) =>
        this.maybe(() => {
          const before = this.#trail.length;
          const result = parse();
          if (!this.#isOver) {
            ways++;
            for (const name of this.#trail.slice(before)) {
              counts.set(name, (counts.get(name) ?? 0) + 1);
            }
          }
          return result;
        }),
      end: () => {
        if (ways === 0) this.end();
        for (const [name, count] of counts) if (count === ways) this.set(name);
      },
    };
  }

  #forget(length: number, isOver: boolean): void {
    for (const name of this.#trail.splice(length)) this.#set.delete(name);
    this.#isOver = isOver;
  }
}

/** Parts of a script of which at most one runs. */
interface Alternatives {
  /** Follows one of the parts. */
  follow<T>(parse: () => T): T;
  /** Ends parts of which exactly one runs: names that all of them set are certain. */
  end(): void;
}
