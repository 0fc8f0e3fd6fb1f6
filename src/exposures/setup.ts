import { checkOptions, checks, isObject, type OptionChecks } from '../assignment/check-options.ts';
import type { AssignmentPolicy } from '../assignment/policy.ts';
import type { Logger } from '../logger.ts';
import { ClientObserver } from './client-observer.ts';
import { Exposures, type InForce, isExposures } from './exposures.ts';
import { HookCaller, type Hooks } from './hooks.ts';
import { type ExposuresOptions, parseExposuresOptions, settingsWithoutSinks } from './options.ts';

/** The options of a client that are about exposures. */
export interface ObservingOptions {
  /**
   * Where exposures are recorded: `{ sink: fileSink() }`, or what `createExposures()` has made.
   * Without it nothing is recorded. @default none
   */
  exposures?: Exposures | ExposuresOptions;
  /** Functions that are told of decisions and exposures. @default none */
  hooks?: Hooks;
}

const hookChecks: OptionChecks = new Map([
  ['decision', checks.aFunction],
  ['exposure', checks.aFunction],
]);

/** What these options may be. */
export const observingChecks: OptionChecks = new Map([
  [
    'exposures',
    { expected: 'an object with options, or what createExposures() has made', accepts: isObject },
  ],
  ['hooks', checks.anObject],
]);

/** What a client records with. */
export interface ClientExposures {
  readonly observer: ClientObserver;
  readonly exposures: Exposures;
  /** Writes what waits; closes the sinks where the client has made them. */
  close(): Promise<void>;
}

/**
 * What a client with these options records with; undefined where it records nothing.
 *
 * @throws OptionError (`option`) for what can't be meant
 */
export function setUpExposures(
  { exposures: given, hooks, logger }: ObservingOptions & { logger?: Logger | false },
  { once }: AssignmentPolicy,
  inForce: InForce,
): ClientExposures | undefined {
  if (hooks !== undefined) checkOptions('option "hooks"', hooks, hookChecks);
  if (given === undefined && hooks === undefined) return undefined;
  const isShared = isExposures(given);
  const exposures = isShared ? given : new Exposures(settingsOf(given), logger);
  exposures.attach(inForce);
  const caller = hooks && new HookCaller(hooks, once);
  return {
    exposures,
    observer: new ClientObserver(exposures, caller, once),
    close: () => (isShared ? exposures.drain() : exposures.close()),
  };
}

function settingsOf(given: ExposuresOptions | undefined) {
  return given === undefined
    ? settingsWithoutSinks()
    : parseExposuresOptions('option "exposures"', given);
}
