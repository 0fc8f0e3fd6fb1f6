import type { Method } from './response-methods.ts';
import { type StoredHeaders, storedHeaders } from './response-headers.ts';

/** The part of Node's responses that matters here. Node has no public names for it. */
interface NodeResponse {
  /** The text of the status line and the headers. */
  _header: string | null;
  _headerSent: boolean;
  _contentLength: number | null;
}

/** A header that Node wrote as text before the first bytes of the body were known. */
export class WrittenHeader {
  readonly headers: StoredHeaders;
  private readonly res: NodeResponse;
  private readonly store: Method;
  private readonly statusLine: unknown;

  /** @param store the method of the response that writes the text */
  constructor(res: object, store: Method, [statusLine, given]: readonly unknown[]) {
    this.res = res as NodeResponse;
    this.store = store;
    this.statusLine = statusLine;
    this.headers = storedHeaders(res, given);
  }

  /** Returns true if it is the header of the response, and not of a wrapper around it. */
  isOf(res: object): boolean {
    return res === this.res;
  }

  /** Returns true if none of it is sent. */
  isUnsent(): boolean {
    const { _header, _headerSent } = this.res;
    return _header !== null && !_headerSent;
  }

  /**
   * Writes the text again, with changed headers. If that fails, the first text stays.
   *
   * @returns true if it was written
   */
  rewrite(change: (headers: StoredHeaders) => void): boolean {
    const { _header, _contentLength } = this.res;
    try {
      this.put({ _header: null });
      change(this.headers);
      // Node would write the length of the removed header again.
      if (this.headers.get('Content-Length') === undefined) this.put({ _contentLength: null });
      this.store(this.statusLine, this.headers.stored());
      return true;
    } catch {
      this.put({ _header, _contentLength });
      return false;
    }
  }

  private put(values: Partial<NodeResponse>): void {
    Object.assign(this.res, values);
  }
}
