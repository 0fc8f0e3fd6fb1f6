import { type OptionCheck, type OptionChecks } from '../../options/check-options.ts';

/** Where experiments are in Redis. */
export interface RedisPlace {
  /** The key of a hash with the fields `specification` and `revision`. @default 'evenhand:experiments' */
  key?: string;
  /** The channel on which changes are announced. @default the key */
  channel?: string;
}

/** The key where nothing else is said. */
export const DEFAULT_KEY = 'evenhand:experiments';

/** The field that holds the specification: JSON, as in `experiments.config.json`. */
export const SPECIFICATION = 'specification';

/** The field that holds a whole number that grows with each change. */
export const REVISION = 'revision';

/** The longest specification that is read or written, in bytes: beyond that something else is meant. */
export const MAX_BYTES = 64 * 2 ** 20;

/** For the name of something in Redis. */
export const aName: OptionCheck = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** Looked at where the client is used. */
export const aClient: OptionCheck = {
  expected: 'a client of the package redis or ioredis',
  accepts: () => true,
};

/** What says where experiments are. */
export const placeChecks: OptionChecks = new Map([
  ['client', aClient],
  ['key', aName],
  ['channel', aName],
]);

/** The place in a message. */
export function originOf(key: string): string {
  return `redis:${key}`;
}
