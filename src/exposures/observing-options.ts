import { checks, isObject, type OptionChecks } from '../options/check-options.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Exposures } from './exposures.ts';
import type { Hooks } from './hooks.ts';
import type { ExposuresOptions } from './options.ts';

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

/** The options of {@link ObservingOptions}, and the logger of the client. */
export interface ObservingSettings {
  readonly exposures: Exposures | ExposuresOptions | undefined;
  readonly hooks: Hooks | undefined;
  readonly logger: Logger | false | undefined;
}

/** What these options may be. */
export const observingChecks: OptionChecks = new Map([
  [
    'exposures',
    { expected: 'an object with options, or what createExposures() has made', accepts: isObject },
  ],
  ['hooks', checks.anObject],
]);
