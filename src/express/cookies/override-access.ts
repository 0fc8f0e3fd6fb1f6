import type net from 'node:net';
import type { Request } from 'express';
import type ipaddr from 'ipaddr.js';
import { OptionError } from '../../errors/usage-errors.ts';
import { loadPackage } from '../../runtime/load-package.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { quote } from '../../errors/show-value.ts';
import { ask, type AskedOption } from '../ask-once.ts';

/** Returns true if a request may override variants. */
export type OverrideAccess = (req: Request) => boolean;

/** The override cookie, with its defaults filled in; see `OverrideOptions`. */
export interface OverrideSettings {
  readonly cookie: string;
  /** Addresses and CIDR ranges. */
  readonly allowIps: readonly string[];
  readonly allow: ((req: Request) => boolean) | undefined;
  /** The query parameter; undefined if links can't override. */
  readonly parameter: string | undefined;
}

/** The option that permits overrides by a function. */
const ALLOW: AskedOption = { name: 'overrides.allow', effect: 'the override is ignored' };

/**
 * Returns a function that permits overrides. Outside production everyone may override. In production
 * only listed addresses may (by `req.ip`), and requests for which `allow` returns exactly `true`.
 *
 * @throws OptionError (`option`) for an entry that is neither an address nor a range
 */
export function createOverrideAccess(
  { allowIps, allow }: Omit<OverrideSettings, 'parameter'>,
  production: boolean,
  once: OnceLogger,
): OverrideAccess {
  const ranges = allowIps.map(parseRange);
  if (!production) return () => true;
  return (req) => {
    try {
      // Reading `req.ip` calls the application's "trust proxy" function.
      if (isListed(req.ip, ranges)) return true;
    } catch (error) {
      once.error(
        'req.ip threw',
        `evenhand: req.ip failed, so ${ALLOW.effect}: ${thrownMessage(error)}`,
      );
      return false;
    }
    return allow !== undefined && ask(req, allow, ALLOW, once) === true;
  };
}

/** An address range: its first address and the length of its prefix in bits. */
type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const addresses = () => loadPackage('ipaddr.js') as typeof ipaddr;
const isAddress = (text: string) => (loadPackage('node:net') as typeof net).isIP(text) !== 0;

/**
 * The beginning of an IPv6 address that ends like an IPv4 address, such as `::192.0.2.7`, which is
 * `::c000:207`. ipaddr.js would read it as the IPv4-mapped `::ffff:192.0.2.7`, unless a zero is in front.
 */
const COMPATIBLE = /^(?=::\d+\.)/;

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return addresses().parse(text.replace(COMPATIBLE, '0'));
}

/** The bits of an address. */
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** The bits before the IPv4 address in an IPv4-mapped IPv6 address such as `::ffff:10.0.0.1`. */
const MAPPED_BITS = 96;

function parseRange(entry: string): Range {
  const [address = '', length, ...rest] = entry.split('/');
  // ipaddr.js also accepts 127.1 and 0x7f.1, which are mistakes in a list.
  if (rest.length === 0 && isAddress(address) && (length === undefined || /^\d+$/.test(length))) {
    const parsed = parseAddress(address);
    const bits = parsed.kind() === 'ipv4' ? IPV4_BITS : IPV6_BITS;
    const prefix = length === undefined ? bits : Number(length);
    if (prefix <= bits) return unmapped(parsed, prefix);
  }
  throw new OptionError(
    `overrides.allowIps: ${quote(entry)} is neither an address (192.0.2.7, 2001:db8::7) nor a range (192.0.2.0/24)`,
  );
}

/** Converts a range of IPv4-mapped addresses to a range of IPv4 addresses. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Range {
  return address instanceof addresses().IPv6 &&
    address.isIPv4MappedAddress() &&
    prefix >= MAPPED_BITS
    ? [address.toIPv4Address(), prefix - MAPPED_BITS]
    : [address, prefix];
}

/** Checks the address first: `req.ip` may come from a header if the application trusts a proxy. */
function isListed(ip: string | undefined, ranges: readonly Range[]): boolean {
  if (ranges.length === 0 || ip === undefined || !isAddress(ip)) return false;
  const [address] = unmapped(parseAddress(ip), IPV6_BITS);
  return ranges.some(
    ([first, prefix]) => first.kind() === address.kind() && address.match(first, prefix),
  );
}
