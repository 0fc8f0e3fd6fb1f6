import { watchRejection } from './thenable.ts';

/**
 * The destination of warnings and errors, and of a line for each change of the experiments: the
 * console, a pino or winston logger, or any object with these methods. Evenhand passes one finished
 * text, which has several lines if it shows a rule. A line about a change has fields of the form
 * `key=value`, because not all loggers take further arguments.
 */
export interface Logger {
  /** Receives a line for each change of the experiments in force. Without it, changes are not logged. */
  info?(message: string): void;
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
  const write = (level: 'info' | 'warn' | 'error', message: string) => {
    try {
      // There is nowhere left to report a failed write.
      watchRejection(logger[level]?.(message), () => {});
    } catch {}
  };
  return {
    ...(hasInfo(logger) && { info: (message: string) => write('info', message) }),
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  };
}

function hasInfo(logger: Logger): boolean {
  try {
    return typeof logger.info === 'function';
  } catch {
    return false;
  }
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
