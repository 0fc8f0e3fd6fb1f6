/** `experiment:variant`. */
const PART = /^([A-Za-z0-9_]+):([A-Za-z0-9_]+)$/;

/** Browsers keep no longer cookie; a longer one is ignored. In UTF-16 code units. */
const MAX_LENGTH = 4096;

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * The overrides in an override cookie: `exp:variant other:variant`, separated by whitespace. The last
 * one of an experiment wins; malformed parts are ignored. A Map, so that `__proto__:x` is a name like
 * any other.
 */
export function parseOverrides(text: string): ReadonlyMap<string, string> {
  if (text.length > MAX_LENGTH) return NONE;
  const overrides = new Map<string, string>();
  for (const part of text.split(/\s+/)) {
    const [, experiment, variant] = PART.exec(part) ?? [];
    if (experiment !== undefined && variant !== undefined) overrides.set(experiment, variant);
  }
  return overrides;
}
