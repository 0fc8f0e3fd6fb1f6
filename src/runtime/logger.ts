import { watchRejection } from './thenable.ts';

/**
 * The destination of warnings and errors: the console, a pino logger, or any object with these two
 * methods. Evenhand passes one finished text, which has several lines if it shows a rule.
 */
export interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

/**
 * Wraps a logger so that it never throws: a broken log must not break a request.
 *
 * @param logger the user's logger; `false` for silence; default the console
 */
export function safeLogger(logger: Logger | false = console): Logger {
  if (logger === false) return { warn: () => {}, error: () => {} };
  const write = (level: 'warn' | 'error', message: string) => {
    try {
      // There is nowhere left to report a failed write.
      watchRejection(logger[level](message), () => {});
    } catch {}
  };
  return {
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  };
}

/** The most keys remembered for each level. Messages with further keys are not logged. */
const MAX_KEYS = 1000;

/** A logger that logs the message of each key once. */
export interface OnceLogger {
  warn(key: string, message: string): void;
  error(key: string, message: string): void;
}

/**
 * Wraps a logger so that it logs each key once. A fault on every request must not fill the disk.
 * Memory is bounded. Warnings are about names, which requests can invent. Each level has its own
 * limit, so that warnings do not use up the room for errors.
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
