/**
 * Where warnings and errors are written: the console, a pino logger, or any object with these two
 * methods. Evenhand calls each with one finished text, of several lines where it shows a rule.
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
      // Nowhere is left to say that a write failed, now or later.
      Promise.resolve(logger[level](message)).catch(() => {});
    } catch {}
  };
  return {
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  };
}

/** How many different keys of a level are remembered; past that, new ones are not logged. */
const MAX_KEYS = 1000;

/** Logs the message of each key once. */
export interface OnceLogger {
  warn(key: string, message: string): void;
  error(key: string, message: string): void;
}

/**
 * A logger that says each thing once, so that a fault met on every request fills no disk. Bounded in
 * memory. Warnings are about names, which requests can make up, so they must not use up the room for
 * errors: each level has its own.
 */
export function onceLogger(logger: Logger): OnceLogger {
  const seen = { warn: new Set<string>(), error: new Set<string>() };
  const write = (level: 'warn' | 'error', key: string, message: string): void => {
    const keys = seen[level];
    if (keys.has(key) || keys.size >= MAX_KEYS) return;
    keys.add(key);
    logger[level](message);
  };
  return {
    warn: (key, message) => write('warn', key, message),
    error: (key, message) => write('error', key, message),
  };
}
