import { type Logger, type OnceLogger, onceLogger, safeLogger } from '../runtime/logger.ts';
import type { EvenhandError } from '../errors/evenhand-error.ts';
import { type OperatorSet, operatorsCheck } from '../planout/operator-set.ts';
import { checks, isObject, oneOf, type OptionChecks } from '../options/check-options.ts';

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
  /**
   * The operators that scripts of namespaces may call besides PlanOut's own, from `registerOperators` of
   * `evenhand/planout`. @default none
   */
  operators?: OperatorSet | undefined;
}

/**
 * The part of the set-up that failed: an experiment, a namespace, or an experiment of a namespace.
 * Without a name it is the context provider.
 */
export interface FailedPart {
  readonly experiment?: string | undefined;
  readonly namespace?: string | undefined;
}

/**
 * Is called with each decision that failed, whether its error is thrown or the fallback audience
 * decides; a second time if the fallback audience then fails for another reason. Must not throw.
 *
 * @param participant undefined if the context provider failed
 */
export type FailureListener = (
  error: EvenhandError,
  part: FailedPart,
  participant: object | undefined,
) => void;

/**
 * Counts of uncommon decisions, for metrics. They are counted where these decisions are made, so that
 * common decisions cost nothing. One object outlives the snapshots of a client.
 */
export interface DecisionCounts {
  /** The decisions that an override made. */
  overrides: number;
  /** The decisions by which participants keep an earlier variant. */
  sticky: number;
  /** The sticky cookies that were ignored because they are forged, damaged or too old. */
  refusedStickyCookies: number;
  /** The calls of the option `sticky`'s functions that failed or took too long. */
  stickyFailures: number;
  /** The decisions that gave the control because a holdout held the participant out. */
  heldOut: number;
  /** The decisions without a variant because the visitor has not consented to the tracking cookie. */
  withoutConsent: number;
  /** The questions about experiments that are not in the specification. */
  unknownExperiments: number;
  /** The questions about namespaces that are not in the specification. */
  unknownNamespaces: number;
  /** The questions about variants that the experiment does not declare. */
  unknownVariants: number;
}

/** The options with their defaults, and a logger that remembers its messages. */
export interface AssignmentPolicy {
  readonly onError: OnError;
  readonly random: () => number;
  /** The clock for the name `now` in rules. */
  readonly now: () => Date;
  /** Logs a message the first time its key is seen. */
  readonly once: OnceLogger;
  /** Called with each failed decision; undefined if nothing counts them. */
  readonly failed: FailureListener | undefined;
  readonly counts: DecisionCounts;
  /** False if nothing keeps the variants of sticky experiments, which a warning then reports. */
  readonly keepsSticky: boolean;
  /** True if the specification declares its context: errors then don't advise declaring it. */
  readonly declaresContext: boolean;
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
  ['operators', operatorsCheck],
]);

/**
 * Returns the policy of checked options. One policy outlives the snapshots of a client, so that
 * nothing is logged again after each change of the specification, and counts never start again.
 *
 * @param defaultOnError the default of the option `onError`
 * @param keepsSticky false if nothing keeps the variants of sticky experiments
 */
export function createPolicy(
  options: AssignmentOptions,
  defaultOnError: OnError = 'throw',
  keepsSticky = true,
): AssignmentPolicy {
  return {
    onError: options.onError ?? defaultOnError,
    random: options.random ?? Math.random,
    now: () => new Date(),
    once: onceLogger(safeLogger(options.logger)),
    failed: undefined,
    counts: {
      overrides: 0,
      sticky: 0,
      refusedStickyCookies: 0,
      stickyFailures: 0,
      heldOut: 0,
      withoutConsent: 0,
      unknownExperiments: 0,
      unknownNamespaces: 0,
      unknownVariants: 0,
    },
    keepsSticky,
    declaresContext: false,
  };
}

/** Returns a policy whose clock shows one instant, that of a valid Date. */
export function policyAt(policy: AssignmentPolicy, instant: Date): AssignmentPolicy {
  // A copy: later changes of the original must not change decisions.
  const copy = new Date(instant);
  return { ...policy, now: () => copy };
}
