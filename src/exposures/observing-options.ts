import { checks, isObject, type OptionChecks } from '../options/check-options.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Exposures } from './exposures.ts';
import type { Hooks } from './hooks.ts';
import type { ExposuresOptions } from './options.ts';

/** The client options that concern exposures. */
export interface ObservingOptions {
  /**
   * The destination of exposures: `{ sink: fileSink() }`, or the result of `createExposures()`.
   * Without it nothing is recorded. @default none
   */
  exposures?: Exposures | ExposuresOptions;
  /** Callbacks for decisions, exposures and errors. @default none */
  hooks?: Hooks;
}

/** The options of {@link ObservingOptions}, and the logger of the client. */
export interface ObservingSettings {
  readonly exposures: Exposures | ExposuresOptions | undefined;
  readonly hooks: Hooks | undefined;
  readonly logger: Logger | false | undefined;
}

/** The checks of {@link ObservingOptions}. */
export const observingChecks: OptionChecks = new Map([
  [
    'exposures',
    { expected: 'an options object or the result of createExposures()', accepts: isObject },
  ],
  ['hooks', checks.anObject],
]);
