import { OptionError } from '../errors.ts';
import { type Logger, onceLogger, safeLogger } from '../logger.ts';
import { showValue } from '../spec/show-value.ts';

/**
 * What happens when a rule or an identity fails: `throw` lets the error reach the caller (in
 * Express: the error handler), as Cravensworth does; `fallback` logs it once per experiment and
 * cause and lets the fallback audience decide.
 */
export type OnError = 'throw' | 'fallback';

/** Options shared by everything that makes participants. */
export interface AssignmentOptions {
  /** Where warnings go; `false` for silence. @default console */
  logger?: Logger | false;
  /** What happens when a rule or an identity fails. @default 'throw' */
  onError?: OnError;
  /** Draws for the identity `random`: numbers in [0, 1). @default Math.random */
  random?: () => number;
}

/** The options with their defaults, and the memory of what has been logged. */
export interface AssignmentPolicy {
  readonly onError: OnError;
  readonly random: () => number;
  /** Logs a message the first time its key is seen. */
  readonly once: ReturnType<typeof onceLogger>;
}

/**
 * The policy of the given options. One policy outlives the snapshots of a client, so that nothing is
 * logged again after each change of the specification.
 *
 * @throws OptionError (`option`) where `onError` is neither of its words: what an application does
 *   with errors must not hang on a misspelling
 */
export function createPolicy(options: AssignmentOptions = {}): AssignmentPolicy {
  const { logger, onError = 'throw', random = Math.random } = options;
  if (onError !== 'throw' && onError !== 'fallback') {
    throw new OptionError(
      `the option "onError" must be "throw" or "fallback", not ${showValue(onError)}`,
    );
  }
  const safe = safeLogger(logger);
  // Each level has its own memory: warnings are about names, which requests can make up, and must
  // not use up the room for errors.
  const warnings = onceLogger(safe);
  const errors = onceLogger(safe);
  return {
    onError,
    random,
    once: {
      warn: (key, message) => warnings.warn(key, message),
      error: (key, message) => errors.error(key, message),
    },
  };
}
