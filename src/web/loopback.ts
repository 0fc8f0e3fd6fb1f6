import type { Request } from 'express';
import { type AddressRange, isListed, parseRanges } from '../express/cookies/address-ranges.ts';

/** The headers in which proxies write addresses; other machines are behind them unless all are loopback. */
const ADDRESS_HEADERS: readonly string[] = ['x-forwarded-for', 'x-real-ip'];

/** The headers in which proxies write the host that the visitor asked for. */
const HOST_HEADERS: readonly string[] = ['x-forwarded-host', 'x-original-host'];

/** Other headers that only proxies and tunnels add. */
const PROXY_HEADERS: readonly string[] = [
  'forwarded',
  'via',
  'cf-connecting-ip',
  'true-client-ip',
  'fly-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-envoy-external-address',
  'fastly-client-ip',
  'x-scheme',
  'x-url-scheme',
  'front-end-https',
  'x-arr-ssl',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
  'cf-ray',
];

/** The beginning of the headers that proxies add besides the address, such as `X-Forwarded-Proto`. */
const FORWARDED = 'x-forwarded-';

/** `localhost` and its subdomains, an IPv4 address, or an IPv6 address in brackets; each with or without a port. */
const HOST =
  /^(?:((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*localhost)|(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9a-f:.]+)\])(?::\d{1,5})?$/i;

/** The most characters of a host name: RFC 1035, section 2.3.4. */
const MAX_HOST = 255;

let ranges: readonly AddressRange[] | undefined;

/** Returns true for an address of the loopback interface: 127.0.0.0/8, `::1`, also IPv4-mapped. */
function isLoopbackAddress(address: string | undefined): boolean {
  ranges ??= parseRanges('loopback', ['127.0.0.0/8', '::1']);
  return isListed(address, ranges);
}

/** Returns true for the `Host` of a page on this machine: `localhost:3000`, `shop.localhost`, `[::1]`. */
export function isLoopbackHost(host: string): boolean {
  if (host.length > MAX_HOST) return false;
  const [, name, ipv4, ipv6] = HOST.exec(host) ?? [];
  return name !== undefined || isLoopbackAddress(ipv4 ?? ipv6);
}

/**
 * Returns true for a request from a browser on this machine to this machine: the addresses of the socket
 * and the `Host` header are loopback, which stops DNS rebinding. Never throws.
 *
 * A proxy on the same machine connects from a loopback address too. Its requests are recognised by their
 * `Host`, by the headers that proxies add, by a page of the same origin that is not on this machine, and by
 * HTTP/1.0, which nginx speaks unless it is told otherwise. The first request through a proxy that writes
 * its own `Host`, and nothing else, can't be recognised.
 */
export function isFromThisMachine(req: Request): boolean {
  try {
    const { headers, rawHeaders, httpVersion } = req;
    const target = req.originalUrl ?? req.url;
    const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
    return (
      httpVersion !== '1.0' &&
      httpVersion !== '0.9' &&
      // The host in the target would count, and not the header: RFC 9112, section 3.2.2.
      target.startsWith('/') &&
      hosts.length === 1 &&
      isLoopbackAddress(req.socket.remoteAddress) &&
      isLoopbackHost(headers.host ?? '') &&
      ADDRESS_HEADERS.every((name) => areAll(headers[name], isLoopbackAddress)) &&
      HOST_HEADERS.every((name) => areAll(headers[name], isLoopbackHost)) &&
      PROXY_HEADERS.every((name) => headers[name] === undefined) &&
      // A proxy that does not pass on the visitor's address can serve other machines.
      (headers['x-forwarded-for'] !== undefined ||
        !Object.keys(headers).some((name) => name.startsWith(FORWARDED))) &&
      (headers['sec-fetch-site'] !== 'same-origin' ||
        [headers.origin, headers.referer].every(isLoopbackPage))
    );
  } catch {
    // A mock without a socket.
    return false;
  }
}

/** Returns true for an address of a page on this machine, and for no address. */
function isLoopbackPage(address: string | undefined): boolean {
  if (address === undefined || address === 'null') return true;
  return URL.canParse(address) && isLoopbackHost(new URL(address).host);
}

/** Returns true if every entry of a header passes; a missing header has none. */
function areAll(
  header: string | readonly string[] | undefined,
  passes: (entry: string) => boolean,
): boolean {
  if (header === undefined) return true;
  return String(header)
    .split(',')
    .every((entry) => passes(entry.trim()));
}
