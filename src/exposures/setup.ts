import { checkOptions, checks, type OptionChecks } from '../options/check-options.ts';
import type { AssignmentPolicy } from '../assignment/policy.ts';
import { ClientObserver } from './client-observer.ts';
import { Exposures, type InForce, isExposures } from './exposures.ts';
import { HookCaller, type Hooks } from './hooks.ts';
import type { ObservingSettings } from './observing-options.ts';
import { type ExposuresOptions, parseExposuresOptions, settingsWithoutSinks } from './options.ts';

const hookChecks: OptionChecks = new Map([
  ['decision', checks.aFunction],
  ['exposure', checks.aFunction],
  ['error', checks.aFunction],
]);

/** The recorder of a client. */
export interface ClientExposures {
  readonly observer: ClientObserver;
  readonly exposures: Exposures;
  /** Undefined without the option `hooks`. */
  readonly hooks: HookCaller | undefined;
  /** Writes the waiting records, and closes the sinks if the client created them. */
  close(): Promise<void>;
}

/**
 * Creates the recorder of a client with one of these options.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function setUpExposures(
  { exposures: given, hooks, logger }: ObservingSettings,
  { once }: AssignmentPolicy,
  inForce: InForce,
): ClientExposures {
  const called = hooks && ownHooks(hooks);
  const isShared = isExposures(given);
  const exposures = isShared ? given : new Exposures(settingsOf(given), logger);
  exposures.attach(inForce);
  const caller = called && new HookCaller(called, once);
  return {
    exposures,
    hooks: caller,
    observer: new ClientObserver(exposures, caller, once),
    close: () => (isShared ? exposures.drain() : exposures.close()),
  };
}

/** Returns the hooks without functions that other code has put on `Object.prototype`. */
function ownHooks(hooks: Hooks): Hooks {
  const own = checkOptions('option "hooks"', hooks, hookChecks);
  // An instance of a class has its hooks on its prototype.
  return Object.getPrototypeOf(hooks) === Object.prototype ? own : hooks;
}

function settingsOf(given: ExposuresOptions | undefined) {
  return given === undefined
    ? settingsWithoutSinks()
    : parseExposuresOptions('option "exposures"', given);
}
