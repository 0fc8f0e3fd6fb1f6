import type { Case } from '../case.ts';
import { BROKEN_OFF } from '../raw-client.ts';
import type { Visitor } from '../visitors.ts';
import type { Side, Sides } from './sides.ts';

/** The tracking keys of a visitor's requests; undefined for a new one in each response. */
export interface Keys {
  readonly django: string | undefined;
  readonly evenhand: string | undefined;
}

/** A visitor's request to a case. */
interface Asking {
  readonly visitor: Visitor;
  readonly given: Case;
}

const known = new WeakMap<Visitor, Promise<Keys>>();

/** Returns the tracking keys that the applications read from the cookies of a visitor, who is in one case. */
export function keysOf(sides: Sides, asking: Asking): Promise<Keys> {
  const { visitor } = asking;
  const keys = known.get(visitor) ?? readKeys(sides, asking);
  known.set(visitor, keys);
  return keys;
}

async function readKeys({ django, express }: Sides, { visitor, given }: Asking): Promise<Keys> {
  // Without overrides, which can make each response of Cravensworth a 500.
  const none = `${given.overrideCookie}=`;
  const cookie = visitor.cookie === null ? none : `${visitor.cookie}; ${none}`;
  const asked = { ...visitor, cookie };
  const ours = await keyIn(express, asked);
  const theirs = await django.ask('/key', asked);
  if (theirs.status !== BROKEN_OFF) return { django: await keyIn(django, asked), evenhand: ours };
  const { [given.trackingCookie]: text } = await cookiesOf(django, visitor);
  return { django: text, evenhand: ours };
}

/** Returns the cookies of a visitor as Django reads them. */
export async function cookiesOf(
  django: Side,
  visitor: Visitor,
): Promise<Readonly<Record<string, string>>> {
  const { body } = await django.ask('/cookies', visitor);
  return JSON.parse(body) as Readonly<Record<string, string>>;
}

async function keyIn(side: Side, visitor: Visitor): Promise<string | undefined> {
  const [first, second] = [await side.ask('/key', visitor), await side.ask('/key', visitor)];
  if (first.status !== 200) throw new Error(`no key: ${first.body}`);
  return first.body === second.body ? (JSON.parse(first.body) as string) : undefined;
}
