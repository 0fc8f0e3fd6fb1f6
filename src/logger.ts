/**
 * Where warnings and errors are written: the console, a pino logger, or any object with these two
 * methods. Evenhand calls each with one finished line of text.
 */
export interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

/**
 * A logger that never throws, around one that might: a broken log must not break a request.
 *
 * @param logger the user's logger; `false` for silence; default the console
 */
export function safeLogger(logger: Logger | false = console): Logger {
  if (logger === false) return { warn: () => {}, error: () => {} };
  const write = (level: 'warn' | 'error', message: string) => {
    try {
      logger[level](message);
    } catch {
      // Nowhere is left to say so.
    }
  };
  return {
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  };
}

/** How many different keys a {@link onceLogger} remembers; past that, new ones are not logged. */
const MAX_KEYS = 1000;

/** Logs each key once, so that a fault met on every request fills no disk. Bounded in memory. */
export function onceLogger(logger: Logger): {
  warn(key: string, message: string): void;
  error(key: string, message: string): void;
} {
  const seen = new Set<string>();
  const first = (key: string): boolean => {
    if (seen.has(key) || seen.size >= MAX_KEYS) return false;
    seen.add(key);
    return true;
  };
  return {
    warn: (key, message) => {
      if (first(key)) logger.warn(message);
    },
    error: (key, message) => {
      if (first(key)) logger.error(message);
    },
  };
}
