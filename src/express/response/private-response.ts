import type { Response } from 'express';

/** Marks a `writeHead()` that keeps the response private, for all copies of the package. */
const PRIVATELY: unique symbol = Symbol.for('evenhand/private');

/** A `Cache-Control` that shared caches may not store: RFC 9111, sections 5.2.2.5 and 5.2.2.7. */
const KEEPS_PRIVATE = /(?:^|,)\s*(?:private|no-store)\s*(?:,|$)/i;

/** Sets `Cache-Control: private`, unless the application set its own or the headers are sent. */
export function markPrivate(res: Response): void {
  if (res.headersSent || res.hasHeader('Cache-Control')) return;
  res.setHeader('Cache-Control', 'private');
}

/**
 * Sets `Cache-Control: private` even if the application sets its own before or after. Used when
 * Evenhand adds data to the response that no other visitor may get. The application's other directives
 * stay. Does nothing once the headers are sent.
 */
export function keepPrivate(res: Response): void {
  markPrivate(res);
  const writeHead: unknown = Reflect.get(res, 'writeHead');
  if (res.headersSent || typeof writeHead !== 'function' || PRIVATELY in writeHead) return;
  // Node calls it if the application does not.
  const writePrivately = (status: number, ...rest: unknown[]) => {
    const given = rest.map((one) => (isHeaders(one) ? privateHeaders(one) : one));
    if (!res.headersSent) {
      res.setHeader('Cache-Control', privateControl(res.getHeader('Cache-Control')));
    }
    return Reflect.apply(writeHead, res, [status, ...given]) as Response;
  };
  res.writeHead = Object.assign(writePrivately, { [PRIVATELY]: true });
}

/** The headers argument of `writeHead()`: an object, or names and values in turn. */
type GivenHeaders = Readonly<Record<string, unknown>> | readonly unknown[];

function isHeaders(given: unknown): given is GivenHeaders {
  return typeof given === 'object' && given !== null;
}

function privateHeaders(given: GivenHeaders): GivenHeaders {
  const isControl = (name: unknown) => String(name).toLowerCase() === 'cache-control';
  if (Array.isArray(given)) {
    return given.map((one: unknown, i) =>
      i % 2 === 1 && isControl(given[i - 1]) ? privateControl(one) : one,
    );
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      isControl(name) ? privateControl(value) : value,
    ]),
  );
}

/** Adds `private` to a `Cache-Control`: for shared caches the strictest directive counts. */
function privateControl(control: unknown): string {
  const text = Array.isArray(control)
    ? control.join(', ')
    : typeof control === 'string'
      ? control
      : '';
  if (KEEPS_PRIVATE.test(text)) return text;
  return text.trim() === '' ? 'private' : `${text}, private`;
}
