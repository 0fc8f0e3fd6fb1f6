import type { Headers } from './promised-headers.ts';

/** A header's name and value; several values are a list. */
type Entry = [name: string, value: unknown];

/** Returns the headers argument of `writeHead(status, [reason], [headers])`. */
export function givenHeaders([, reason, headers]: readonly unknown[]): unknown {
  return typeof reason === 'string' ? headers : (headers ?? reason);
}

/** The headers that were given to `writeHead()`, in any form that Node accepts. */
export class GivenHeaders implements Headers {
  private readonly entries = new Map<string, Entry>();
  private readonly base: Partial<Headers> | undefined;

  /**
   * @param given an object, a list of names and values in turn, or a list of pairs
   * @param base the response, whose headers are read if they are not given
   * @throws TypeError for anything else
   */
  constructor(given: unknown, base?: Partial<Headers>) {
    this.base = base;
    if (!Array.isArray(given)) {
      for (const [name, value] of Object.entries(given ?? {})) this.setHeader(name, value);
      return;
    }
    for (const [name, value] of pairsOf(given)) {
      const known = this.entries.get(name.toLowerCase());
      this.setHeader(name, known === undefined ? value : [known[1], value].flat());
    }
  }

  getHeader(name: string): unknown {
    const entry = this.entries.get(name.toLowerCase());
    return entry === undefined ? this.base?.getHeader?.(name) : entry[1];
  }

  setHeader(name: string, value: unknown): void {
    this.entries.set(name.toLowerCase(), [name, value]);
  }

  /** Returns the given headers and those that were set. */
  pairs(): readonly Entry[] {
    return [...this.entries.values()];
  }
}

function pairsOf(given: readonly unknown[]): readonly Entry[] {
  const isPairs = Array.isArray(given[0]);
  const pairs: unknown[] = isPairs ? [...given] : [];
  if (!isPairs) for (let i = 0; i < given.length; i += 2) pairs.push(given.slice(i, i + 2));
  if (!pairs.every(isEntry)) throw new TypeError('headers without a name or a value');
  return pairs;
}

function isEntry(pair: unknown): pair is Entry {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string';
}
