import { type Logger, type OnceLogger, onceLogger, safeLogger } from '../runtime/logger.ts';
import type { EvenhandError } from '../errors/evenhand-error.ts';
import { checks, isObject, oneOf, type OptionChecks } from '../options/check-options.ts';
import type { DecisionCounts } from './decision-counts.ts';

/**
 * The reaction to a rule or identity that fails. `throw` passes the error to the caller (in Express:
 * to the error handler), as Cravensworth does. `fallback` logs it once per experiment and cause and
 * lets the fallback audience decide.
 */
export type OnError = 'throw' | 'fallback';

/** Options shared by everything that creates participants. */
export interface AssignmentOptions {
  /** The logger of warnings, errors and changes; `false` for silence. @default console */
  logger?: Logger | false;
  /** The reaction to a rule or identity that fails. @default 'throw' */
  onError?: OnError;
  /** Draws for the identity `random`: numbers in [0, 1). @default Math.random */
  random?: () => number;
}

/**
 * The part of the set-up that failed: an experiment, a namespace, or an experiment of a namespace.
 * Without a name it is the context provider.
 */
export interface FailedPart {
  readonly experiment?: string;
  readonly namespace?: string;
}

/** The options with their defaults, and a logger that remembers its messages. */
export interface AssignmentPolicy {
  readonly onError: OnError;
  readonly random: () => number;
  /** Logs a message the first time its key is seen. */
  readonly once: OnceLogger;
  /** Called with each failed decision; undefined if nothing counts them. */
  readonly failed: ((error: EvenhandError, part: FailedPart) => void) | undefined;
  readonly counts: DecisionCounts;
}

/** The checks of these options. */
export const assignmentChecks: OptionChecks = new Map([
  [
    'logger',
    {
      expected: 'an object with the methods warn and error, and optionally info, or false',
      accepts: (value) =>
        value === false ||
        (isObject(value) &&
          checks.aFunction.accepts(value.warn) &&
          checks.aFunction.accepts(value.error) &&
          (value.info === undefined || checks.aFunction.accepts(value.info))),
    },
  ],
  ['onError', oneOf('throw', 'fallback')],
  ['random', checks.aFunction],
]);

/**
 * Returns the policy of checked options. One policy outlives the snapshots of a client, so that
 * nothing is logged again after each change of the specification, and counts never start again.
 *
 * @param failed called with each failed decision
 */
export function createPolicy(
  options: AssignmentOptions,
  failed?: AssignmentPolicy['failed'],
): AssignmentPolicy {
  return {
    onError: options.onError ?? 'throw',
    random: options.random ?? Math.random,
    once: onceLogger(safeLogger(options.logger)),
    failed,
    counts: { overrides: 0, unknownExperiments: 0, unknownNamespaces: 0, unknownVariants: 0 },
  };
}
