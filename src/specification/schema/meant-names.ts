import { didYouMean } from '../../errors/did-you-mean.ts';
import { MAX_IDENTITIES } from '../identity-paths.ts';

/** The longest text, in characters, that may be meant as a name. */
const MAX_LENGTH = 200;

/** Words for the state of a switch. */
const STATES: ReadonlyMap<string, 'on' | 'off'> = new Map([
  ['on', 'on'],
  ['true', 'on'],
  ['enabled', 'on'],
  ['enable', 'on'],
  ['active', 'on'],
  ['yes', 'on'],
  ['1', 'on'],
  ['off', 'off'],
  ['false', 'off'],
  ['disabled', 'off'],
  ['disable', 'off'],
  ['inactive', 'off'],
  ['no', 'off'],
  ['0', 'off'],
]);

/** Returns the state of a switch that a value stands for: `true`, `"enabled"`. */
export function meantState(value: unknown): 'on' | 'off' | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? STATES.get(value.toLowerCase()) : undefined;
}

/** Returns the name that a text with other characters stands for: `button_color` for `button-color`. */
export function meantName(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  // Letters lose their accents instead of becoming underscores.
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const name = plain.trim().replaceAll(/[^A-Za-z0-9_]+/g, '_');
  return /[A-Za-z0-9]/.test(name) ? name : undefined;
}

/** Returns the path that a text with other characters stands for: `user.id` for `user-id`. */
export function meantPath(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const path = text
    .trim()
    .replaceAll(/[^A-Za-z0-9_.]+/g, '.')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '');
  return path === '' ? undefined : path;
}

/**
 * Returns the path, or the list of paths, that a text stands for: `["user.id", "anonymous"]` for
 * `user.id, anonymous`, `user.id or anonymous` and `user.id || anonymous`.
 */
export function meantIdentity(text: string): string | readonly string[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const paths = text.split(/[,;|?\n]|\bor\b/).flatMap((part) => meantPath(part) ?? []);
  if (paths.length < 2) return meantPath(text);
  return paths.length > MAX_IDENTITIES ? undefined : paths;
}

/** Returns the shorthand of a switch that a text stands for: `x:on` for `x:true`, `x = on` and `x`. */
export function meantShorthand(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, written = '', state = 'on'] = /^([^:=]+)(?:[:=]\s*(\w*)\s*)?$/.exec(text) ?? [];
  const name = meantName(written);
  const meant = meantState(state) ?? didYouMean(state, ['on', 'off']);
  return name === undefined || meant === undefined ? undefined : `${name}:${meant}`;
}
