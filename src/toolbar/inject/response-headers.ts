import { OutgoingMessage } from 'node:http';
import { GivenHeaders } from '../../express/response/given-headers.ts';

/** Headers of a response that are not sent yet. */
export interface ResponseHeaders {
  get(name: string): unknown;
  set(name: string, value: string | readonly string[]): void;
  remove(name: string): void;
  /** Returns the names in lower case. */
  names(): readonly string[];
}

/** The methods of a response that read and change its headers. */
interface HasHeaders {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string | readonly string[]): unknown;
  removeHeader(name: string): void;
  getHeaderNames(): string[];
}

/** The headers of a response, read and changed by its methods. */
export class OwnHeaders implements ResponseHeaders {
  private readonly res: object;
  private readonly methods: HasHeaders;

  /** @param methods the methods to call, if the response's own may be replaced */
  constructor(res: object, methods: HasHeaders = res as HasHeaders) {
    this.res = res;
    this.methods = methods;
  }

  get(name: string): unknown {
    return this.methods.getHeader.call(this.res, name);
  }

  set(name: string, value: string | readonly string[]): void {
    this.methods.setHeader.call(this.res, name, value);
  }

  remove(name: string): void {
    this.methods.removeHeader.call(this.res, name);
  }

  names(): readonly string[] {
    return this.methods.getHeaderNames.call(this.res);
  }
}

/** Headers at the moment when Node writes them as text. */
export interface StoredHeaders extends ResponseHeaders {
  /** Returns the headers in a form that Node accepts. */
  stored(): unknown;
}

/**
 * Returns the headers that Node is about to write.
 *
 * @param given the response's own headers by name, or those of `writeHead()` if it has none
 * @throws TypeError if they have a form that Node refuses
 */
export function storedHeaders(res: object, given: unknown): StoredHeaders {
  return isOwnTable(given) ? new StoredOwn(res, given) : new StoredGiven(given);
}

/** Node keeps a response's headers in an object without a prototype. */
function isOwnTable(given: unknown): boolean {
  return typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === null;
}

class StoredOwn extends OwnHeaders implements StoredHeaders {
  private readonly table: unknown;

  constructor(res: object, table: unknown) {
    super(res, OutgoingMessage.prototype as HasHeaders);
    this.table = table;
  }

  /** Node changes the table in its place. */
  stored(): unknown {
    return this.table;
  }
}

class StoredGiven implements StoredHeaders {
  private readonly given: unknown;
  private readonly headers: GivenHeaders;
  private readonly removed = new Set<string>();
  private isChanged = false;

  constructor(given: unknown) {
    this.given = given;
    this.headers = new GivenHeaders(given);
  }

  get(name: string): unknown {
    return this.removed.has(name.toLowerCase()) ? undefined : this.headers.getHeader(name);
  }

  set(name: string, value: string | readonly string[]): void {
    this.isChanged = true;
    this.removed.delete(name.toLowerCase());
    this.headers.setHeader(name, value);
  }

  remove(name: string): void {
    this.isChanged = true;
    this.removed.add(name.toLowerCase());
  }

  names(): readonly string[] {
    return this.pairs().map(([name]) => name.toLowerCase());
  }

  stored(): unknown {
    return this.isChanged ? this.pairs() : this.given;
  }

  private pairs(): readonly (readonly [string, unknown])[] {
    return this.headers.pairs().filter(([name]) => !this.removed.has(name.toLowerCase()));
  }
}

/** Returns a header as one line; empty if it is missing. */
export function lineOf(headers: ResponseHeaders, name: string): string {
  const value = headers.get(name);
  return value === undefined || value === null ? '' : [value].flat().map(String).join(', ');
}
