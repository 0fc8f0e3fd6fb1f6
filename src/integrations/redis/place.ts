import { type OptionCheck, type OptionChecks } from '../../options/check-options.ts';

/** The place of the experiments in Redis. */
export interface RedisPlace {
  /**
   * The key of a hash with the fields `specification` and `revision`. @default
   * 'evenhand:experiments'
   */
  key?: string;
  /** The channel on which changes are announced. @default the key */
  channel?: string;
}

/** The default key. */
export const DEFAULT_KEY = 'evenhand:experiments';

/** The field that holds the specification: JSON, as in `experiments.config.json`. */
export const SPECIFICATION = 'specification';

/** The field that holds the revision: a whole number that increases with each change. */
export const REVISION = 'revision';

/** The field that holds the author and the reason of the last change; see `change-field.ts`. */
export const CHANGE = 'change';

/** The longest specification that is read or written, in bytes; a longer one is a mistake. */
export const MAX_BYTES = 64 * 2 ** 20;

/** The check of a name in Redis. */
export const aName: OptionCheck = {
  expected: 'a non-empty string',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** The check of a client; `connectionOf()` does the real one. */
export const aClient: OptionCheck = {
  expected: 'a client of the package redis or ioredis',
  accepts: () => true,
};

/** The checks of the options that name the place. */
export const placeChecks: OptionChecks = new Map([
  ['client', aClient],
  ['key', aName],
  ['channel', aName],
]);

/** Returns the place for messages. */
export function originOf(key: string): string {
  return `redis:${key}`;
}
