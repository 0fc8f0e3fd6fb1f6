import { OutgoingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { givenHeaders, GivenHeaders } from '../../express/response/given-headers.ts';
import { BodyStart } from './body-start.ts';
import { HeldWrites } from './held-writes.ts';
import type { Injection } from './injection.ts';
import { markupFor, warnOfEncoding } from './markup.ts';
import { isEncoded, isNavigation, keepFromCaches, makeExtendable, mayBePage } from './page.ts';
import { lineOf, OwnHeaders, type ResponseHeaders } from './response-headers.ts';
import {
  type Method,
  type ReplacedMethod,
  type Replacement,
  replaceMethods,
} from './response-methods.ts';
import { mayTellView, tellView } from './server-timing.ts';
import { WrittenHeader } from './written-header.ts';

/** The fate of a response: it is extended, its header tells the id of its view, or neither. */
type Fate = 'extended' | 'telling' | 'unchanged';

/** The method by which Node's HTTP/1 responses write their headers; see `last-word.ts`. */
const STORE = '_storeHeader';

/** The method by which they do so when the body begins. */
const IMPLICIT = '_implicitHeader';

/**
 * A response that may be extended. Replaced methods look at the first bytes of the body on their way to Node.
 * Node writes the header as it would without them; until the header is sent, it can be written again.
 */
export class WatchedResponse {
  injection: Injection | undefined;
  /** Returns the id of the request's view, for the script that made the request. */
  viewId: (() => string | undefined) | undefined;
  /** True if the application has put the markup into the page itself. */
  hasMarkup = false;

  private readonly req: Request;
  private readonly res: Response;
  private readonly isHttp1: boolean;
  private readonly methods: ReadonlyMap<string, ReplacedMethod>;
  private readonly held = new HeldWrites();

  private start: BodyStart;
  private written: WrittenHeader | undefined;
  /** Undefined while it depends on the first bytes of the body. */
  private fate: Fate | undefined;
  /**
   * The `Content-Encoding` that `writeHead()` met: that of the bytes that arrive. Middleware that was mounted
   * before the toolbar adds its own later, and encodes the bytes later.
   */
  private encoding: { readonly arriving: unknown } | undefined;
  /** True if `end()` passed its chunk on as it came. */
  private isPassedOn = false;
  private hasEnded = false;

  constructor(req: Request, res: Response) {
    this.req = req;
    this.res = res;
    this.start = new BodyStart(isNavigation(req));
    this.isHttp1 = typeof Reflect.get(res, STORE) === 'function';
    const replacements: [string, Replacement][] = [
      ['write', (self, inner, args) => this.write(self, inner, args)],
      ['end', (self, inner, args) => this.end(self, inner, args)],
      ['flushHeaders', (self, inner, args) => this.flushHeaders(self, inner, args)],
    ];
    if (this.isHttp1) {
      replacements.push(
        ['writeHead', (_self, inner, args) => this.writeHead(inner, args)],
        [STORE, (self, inner, args) => this.storeHeader(self, inner, args)],
      );
    }
    this.methods = replaceMethods(res, new Map(replacements));
  }

  private writeHead(inner: Method, args: readonly unknown[]): unknown {
    attempt(() => {
      const headers = new GivenHeaders(givenHeaders(args), this.res);
      this.encoding = { arriving: headers.getHeader('Content-Encoding') };
    });
    return inner(...args);
  }

  private storeHeader(self: object, inner: Method, args: readonly unknown[]): unknown {
    const [line, given, ...rest] = args;
    let stored = given;
    this.fate = undefined;
    this.written = attempt(() => {
      const written = new WrittenHeader(self, inner, args);
      this.settle(written.headers);
      stored = written.headers.stored();
      return written;
    });
    if (this.written === undefined) this.fate = 'unchanged';
    return inner(line, stored, ...rest);
  }

  private write(self: object, inner: Method, args: readonly unknown[]): unknown {
    const [chunk, encoding] = args;
    if (this.isOpen() && this.start.read(chunk, encoding)) {
      if (this.start.kind === 'unknown' && this.hold(self, inner, args)) return true;
      this.conclude(self);
    }
    return inner(...args);
  }

  private flushHeaders(self: object, inner: Method, args: readonly unknown[]): unknown {
    if (this.isOpen()) this.conclude(self);
    return inner(...args);
  }

  private end(self: object, inner: Method, args: readonly unknown[]): unknown {
    const [chunk, encoding, callback] = endArguments(args);
    if (this.isOpen()) {
      if (isPresent(chunk)) this.start.read(chunk, encoding);
      this.conclude(self);
    }
    // Node computes the length of a body that `end()` gets as a whole: only a page is passed in two parts.
    if (!this.isPage(self)) return this.passOn(inner, args);
    if (isPresent(chunk)) Reflect.apply(this.below('write'), self, [chunk, encoding]);
    // By now, the header may tell that it is not a page after all.
    const markup = this.isPage(self) ? this.markup() : '';
    this.hasEnded = true;
    return markup === ''
      ? inner(undefined, undefined, callback)
      : inner(markup, 'latin1', callback);
  }

  private passOn(inner: Method, args: readonly unknown[]): unknown {
    this.isPassedOn = true;
    try {
      return inner(...args);
    } catch (error) {
      // The application may send another body instead.
      this.isPassedOn = false;
      throw error;
    }
  }

  /** Returns true if the fate of the response is open. */
  private isOpen(): boolean {
    if (!this.isWritable()) return false;
    if (this.fate !== undefined && !this.res.headersSent) {
      // Node refused the headers, so that another response follows.
      this.fate = undefined;
      this.encoding = undefined;
      this.written = undefined;
      this.start = new BodyStart(isNavigation(this.req));
    }
    return this.fate === undefined;
  }

  private isWritable(): boolean {
    const { destroyed, writableEnded } = this.res;
    return !this.hasEnded && !this.isPassedOn && !destroyed && !writableEnded;
  }

  /** Returns true if the response is extended, or will be once its header is written. */
  private isPage(self: object): boolean {
    if (!this.isWritable()) return false;
    if (this.fate !== undefined || this.res.headersSent) return this.fate === 'extended';
    return attempt(() => this.judge(new OwnHeaders(self))) === 'extended';
  }

  /**
   * Holds a write until more bytes tell the kind of the body.
   *
   * @returns false if it can't be held
   */
  private hold(self: object, inner: Method, args: readonly unknown[]): boolean {
    if (!this.res.headersSent && this.writesHeader()) {
      // As the first write would, so that the application can no longer change the headers.
      (Reflect.get(self, IMPLICIT) as Method).call(self);
    }
    if (this.fate !== undefined || !this.written?.isOf(self) || !this.written.isUnsent())
      return false;
    this.held.hold(inner, args, () => {
      if (this.isWritable()) this.conclude(self);
      else this.held.drop();
    });
    return true;
  }

  /**
   * Returns true if the method below writes the header at the first write: Node's own, and that of
   * compression, which adds `flush()` to the response. Others may wait for the whole body.
   */
  private writesHeader(): boolean {
    const isNodes = this.below('write') === OutgoingMessage.prototype.write;
    return isNodes || typeof Reflect.get(this.res, 'flush') === 'function';
  }

  /** Decides the fate by the bytes so far, and writes those that were held. */
  private conclude(self: object): void {
    this.start.conclude();
    if (!this.isHttp1) this.settleUnsent(self);
    else if (this.fate === undefined && this.written?.isOf(self)) this.rewrite(this.written);
    this.held.release();
  }

  /** Decides the fate of an HTTP/2 response, whose headers Node sends at once. */
  private settleUnsent(self: object): void {
    if (!this.res.headersSent) attempt(() => this.settle(new OwnHeaders(self)));
    this.fate ??= 'unchanged';
  }

  private rewrite(written: WrittenHeader): void {
    const fate = attempt(() => this.judge(written.headers)) ?? 'unchanged';
    const isWritten =
      fate !== 'unchanged' &&
      written.isUnsent() &&
      written.rewrite((headers) => this.apply(fate, headers));
    this.fate = isWritten ? fate : 'unchanged';
  }

  private settle(headers: ResponseHeaders): void {
    this.fate = this.judge(headers);
    if (this.fate !== undefined) this.apply(this.fate, headers);
  }

  /** Returns undefined while the fate depends on the first bytes of the body. */
  private judge(headers: ResponseHeaders): Fate | undefined {
    const { req, res, injection, viewId } = this;
    if (injection && !this.isPassedOn && mayBePage(req, res.statusCode, headers)) {
      const encoding = this.encoding ?? { arriving: headers.get('Content-Encoding') };
      if (isEncoded(encoding.arriving)) {
        if (isNavigation(req)) warnOfEncoding(injection);
      } else {
        const { kind } = this.start;
        if (kind === 'unknown') return undefined;
        if (kind === 'document') return 'extended';
      }
    }
    return viewId && mayTellView(req, headers) ? 'telling' : 'unchanged';
  }

  private apply(fate: Fate, headers: ResponseHeaders): void {
    const { req, viewId } = this;
    // A script may take only a part of a page, without the markup at its end.
    const isTold = fate === 'telling' || (fate === 'extended' && mayTellView(req, headers));
    if (fate === 'extended') makeExtendable(headers);
    else if (this.hasMarkup) keepFromCaches(headers);
    if (isTold) tellView(headers, viewId?.());
  }

  private markup(): string {
    const { req, res, injection } = this;
    if (injection === undefined) return '';
    const headers = this.written?.headers ?? new OwnHeaders(res);
    const policy = attempt(() => lineOf(headers, 'Content-Security-Policy'));
    return markupFor(req, res, injection, policy ?? '');
  }

  private below(name: string): Method {
    return this.methods.get(name)?.find() ?? (() => undefined);
  }
}

/** The arguments of `end()`. */
type EndArguments = readonly [chunk: unknown, encoding: unknown, callback: unknown];

function endArguments([chunk, encoding, callback]: readonly unknown[]): EndArguments {
  if (typeof chunk === 'function') return [undefined, undefined, chunk];
  if (typeof encoding === 'function') return [chunk, undefined, encoding];
  return [chunk, encoding, callback];
}

/** Node takes an empty text and `null` for no chunk. */
function isPresent(chunk: unknown): boolean {
  return Boolean(chunk);
}

/** Returns undefined if the function throws: a response that can't be read stays as it is. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
