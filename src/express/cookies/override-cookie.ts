/** `experiment:variant`. */
const PART = /^([A-Za-z0-9_]+):([A-Za-z0-9_]+)$/;

/** The longest cookie that browsers keep, in UTF-16 code units; a longer one is ignored. */
const MAX_LENGTH = 4096;

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Returns the overrides in an override cookie: `exp:variant other:variant`, separated by whitespace.
 * The last override of an experiment wins, and malformed parts are ignored. The result is a Map, so that
 * `__proto__` is an ordinary name.
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
