import type net from 'node:net';
import type ipaddr from 'ipaddr.js';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { loadPackage } from '../../runtime/load-package.ts';

/** An address range: its first address and the length of its prefix in bits. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const addresses = () => loadPackage('ipaddr.js') as typeof ipaddr;
const isAddress = (text: string) => (loadPackage('node:net') as typeof net).isIP(text) !== 0;

/**
 * The beginning of an IPv6 address that ends like an IPv4 address, such as `::192.0.2.7`, which is
 * `::c000:207`. ipaddr.js would read it as the IPv4-mapped `::ffff:192.0.2.7`, unless a zero is in front.
 */
const COMPATIBLE = /^(?=::\d+\.)/;

/** The bits of an address. */
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** The bits before the IPv4 address in an IPv4-mapped IPv6 address such as `::ffff:10.0.0.1`. */
const MAPPED_BITS = 96;

/**
 * Reads a list of addresses and CIDR ranges.
 *
 * @param option the option that has the list, for the message
 * @throws OptionError (`option`) for an entry that is neither an address nor a range
 */
export function parseRanges(option: string, entries: readonly string[]): readonly AddressRange[] {
  return entries.map((entry) => {
    const range = parseRange(entry);
    if (range !== undefined) return range;
    throw new OptionError(
      `${option}: ${quote(entry)} is neither an address (192.0.2.7, 2001:db8::7) nor a range (192.0.2.0/24)`,
    );
  });
}

/** Returns true if an address is in one of the ranges; false for any other text. */
export function isListed(ip: string | undefined, ranges: readonly AddressRange[]): boolean {
  // `req.ip` may come from a header if the application trusts a proxy.
  if (ip === undefined || !isAddress(ip)) return false;
  const [address] = unmapped(parseAddress(ip), IPV6_BITS);
  return ranges.some(
    ([first, prefix]) => first.kind() === address.kind() && address.match(first, prefix),
  );
}

function parseRange(entry: string): AddressRange | undefined {
  const [address = '', length, ...rest] = entry.split('/');
  // ipaddr.js also accepts 127.1 and 0x7f.1, which are mistakes in a list.
  if (rest.length > 0 || !isAddress(address)) return undefined;
  if (length !== undefined && !/^\d+$/.test(length)) return undefined;
  const parsed = parseAddress(address);
  const bits = parsed.kind() === 'ipv4' ? IPV4_BITS : IPV6_BITS;
  const prefix = length === undefined ? bits : Number(length);
  return prefix <= bits ? unmapped(parsed, prefix) : undefined;
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return addresses().parse(text.replace(COMPATIBLE, '0'));
}

/** Converts a range of IPv4-mapped addresses to a range of IPv4 addresses. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): AddressRange {
  return address instanceof addresses().IPv6 &&
    address.isIPv4MappedAddress() &&
    prefix >= MAPPED_BITS
    ? [address.toIPv4Address(), prefix - MAPPED_BITS]
    : [address, prefix];
}
