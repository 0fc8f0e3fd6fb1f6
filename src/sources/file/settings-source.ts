import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkOptions,
  checks,
  isObject,
  type OptionCheck,
  type OptionChecks,
} from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { ExperimentFiles } from './experiment-files.ts';
import type { RawSpecification } from '../../specification/raw.ts';
import type { Delivery, LoadOptions, Source } from '../source.ts';
import { milliseconds } from '../../options/numbers.ts';
import { MIN_INTERVAL_MS } from '../keeping/timing.ts';

/** The default source: a file in the working directory. */
export const DEFAULT_FILE = 'experiments.config.json';

/** The polling interval of watched files, in milliseconds. */
const DEFAULT_INTERVAL_MS = 1000;

/** Milliseconds for which an invalid file may be half-written. */
const SETTLE_MS = 1000;

/** A source whose first load is synchronous. */
export interface SettingsSource extends Source {
  load(): RawSpecification;
  load(options: LoadOptions): Delivery | Promise<Delivery>;
}

/** Several files that make up one specification. */
export interface SettingsFiles {
  /**
   * Paths or patterns, in the order in which their experiments are listed. In a pattern `*` matches any
   * text and `?` any character within one name: `experiments/*.json`.
   */
  readonly files: readonly string[];
}

/** Options of `settingsSource()`. */
export interface SettingsOptions {
  /** Puts changes of the files in force while the application runs. @default false */
  watch?: boolean;
  /**
   * The polling interval of watched files, in milliseconds, [100, 86400000]: network file systems send
   * no notifications. @default 1000
   */
  intervalMs?: number;
}

const settingsChecks: OptionChecks = new Map<string, OptionCheck>([
  ['watch', checks.aBoolean],
  ['intervalMs', milliseconds(MIN_INTERVAL_MS)],
]);

const filesChecks: OptionChecks = new Map<string, OptionCheck>([
  [
    'files',
    {
      expected: 'a list of at least one path or pattern',
      accepts: (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((one) => typeof one === 'string' && one !== ''),
    },
  ],
]);

/**
 * Makes a source of a JSON file, which is read when the client is made, or of a specification in
 * memory. With `watch`, changes of the file come into force while the application runs.
 *
 * @param settings the path of the file (relative to the working directory) or its `file:` URL; several
 *   files as `{ files }`; or the specification itself: a list of experiments or an object with
 *   `experiments`. Default: `experiments.config.json`
 * @throws OptionError (`option`) for any other value; `load()` throws SourceError (`source`) if a file
 *   can't be read
 */
export function settingsSource(
  settings: string | URL | SettingsFiles | object = DEFAULT_FILE,
  options: SettingsOptions = {},
): SettingsSource {
  const { watch = false, intervalMs } = checkOptions('settingsSource()', options, settingsChecks);
  if (!watch && intervalMs !== undefined) {
    throw new OptionError(
      'settingsSource(): "intervalMs" needs "watch": true; add it or remove "intervalMs"',
    );
  }
  const files = filesOf(settings);
  if (files !== undefined) return watch ? liveSource(files, intervalMs) : fileSource(files);
  if (typeof settings !== 'object' || settings === null) {
    throw new OptionError(
      `settingsSource() takes a path, a file: URL or a specification, not ${showValue(settings)}`,
    );
  }
  if (watch) {
    throw new OptionError(
      "settingsSource(): a specification in memory can't be watched; give a path",
    );
  }
  return { name: 'config', local: true, load: () => ({ data: settings, origin: 'config' }) };
}

function fileSource(files: ExperimentFiles): SettingsSource {
  return { name: 'file', local: true, load: loadOf(files) };
}

function liveSource(
  files: ExperimentFiles,
  intervalMs: number = DEFAULT_INTERVAL_MS,
): SettingsSource {
  return {
    name: 'file',
    local: true,
    intervalMs,
    settleMs: SETTLE_MS,
    load: loadOf(files),
    watch: (changed, { signal }) => files.watch(changed, signal),
  };
}

function loadOf(files: ExperimentFiles): SettingsSource['load'] {
  let asked = false;
  function load(): RawSpecification;
  function load(options: LoadOptions): Delivery | Promise<Delivery>;
  /** The client's first load is synchronous; later ones must not block requests. */
  function load(options?: LoadOptions): Delivery | Promise<Delivery> {
    if (options === undefined) return files.readNow();
    if (asked) return files.readLater(options.known);
    asked = true;
    return files.readNow();
  }
  return load;
}

/** Returns the files of the settings; undefined for a specification in memory. */
function filesOf(settings: unknown): ExperimentFiles | undefined {
  if (typeof settings === 'string' || settings instanceof URL) {
    return new ExperimentFiles([pathOf(settings)], false);
  }
  if (!isObject(settings) || !Object.hasOwn(settings, 'files')) return undefined;
  // A specification with a stray "files" is reported by the validation.
  if (Object.hasOwn(settings, 'experiments')) return undefined;
  const own: object = checkOptions('settingsSource()', settings, filesChecks);
  const { files } = own as SettingsFiles;
  return new ExperimentFiles(files, true);
}

function pathOf(file: string | URL): string {
  const isUrl = typeof file !== 'string' || file.startsWith('file:');
  if (!isUrl) return resolve(file);
  try {
    return fileURLToPath(file);
  } catch {
    throw new OptionError(
      `settingsSource() reads file: URLs, not ${String(file)}; use httpSource() for web addresses`,
    );
  }
}
