import type { OptionChecks } from '../options/check-options.ts';
import { assignmentChecks, type AssignmentOptions } from '../assignment/policy.ts';
import { observingChecks, type ObservingOptions } from '../exposures/observing-options.ts';
import { liveChecks, type LiveOptions } from './live-options.ts';

/** Options of `createClient()`. */
export interface ClientOptions extends AssignmentOptions, LiveOptions, ObservingOptions {
  /**
   * Where the experiments come from: the path or `file:` URL of a JSON file, a specification already
   * in memory (a list of experiments or an object with `experiments`), or a source.
   *
   * @default 'experiments.config.json' in the working directory
   */
  source?: string | URL | object;
}

/** The options of `createClient()`. */
export const clientChecks: OptionChecks = new Map([
  [
    'source',
    {
      expected: 'a path, a file: URL, a specification (a list or an object) or a source',
      accepts: (value) =>
        typeof value === 'string' || (typeof value === 'object' && value !== null),
    },
  ],
  ...assignmentChecks,
  ...liveChecks,
  ...observingChecks,
]);
