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

/** The file read where no source is given, in the working directory. */
export const DEFAULT_FILE = 'experiments.config.json';

/** How often files are looked at that are watched, in milliseconds. */
const DEFAULT_INTERVAL_MS = 1000;

/** How long what does not parse may be half-written, in milliseconds. */
const SETTLE_MS = 1000;

/** A source that answers at once when it is asked for the first time. */
export interface SettingsSource extends Source {
  load(): RawSpecification;
  load(options: LoadOptions): Delivery | Promise<Delivery>;
}

/** Several files that are one specification together. */
export interface SettingsFiles {
  /**
   * Paths or patterns, in the order in which their experiments are listed. In a pattern `*` is any
   * text and `?` any character within one name: `experiments/*.json`.
   */
  readonly files: readonly string[];
}

/** Options of `settingsSource()`. */
export interface SettingsOptions {
  /** Whether changes of the files come into force while the application runs. @default false */
  watch?: boolean;
  /**
   * How often the files are looked at, beside being watched, in milliseconds, [100, 86400000]: on
   * network file systems nobody tells of changes. @default 1000
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
 * A source of settled experiments: a JSON file, read when the client is made, or a specification
 * already in memory. With `watch`, changes of the file come into force.
 *
 * @param settings path of the file (relative to the working directory) or its `file:` URL; several
 *   files as `{ files }`; or what such a file holds: a list of experiments or
 *   an object with `experiments`. Default: `experiments.config.json`
 * @throws OptionError (`option`) where it is none of these; `load()` throws SourceError (`source`)
 *   where a file can't be read
 */
export function settingsSource(
  settings: string | URL | SettingsFiles | object = DEFAULT_FILE,
  options: SettingsOptions = {},
): SettingsSource {
  checkOptions('settingsSource()', options, settingsChecks);
  const { watch = false, intervalMs } = options;
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
  return { name: 'config', load: () => ({ data: settings, origin: 'config' }) };
}

function fileSource(files: ExperimentFiles): SettingsSource {
  return { name: 'file', load: () => files.readNow() };
}

function liveSource(
  files: ExperimentFiles,
  intervalMs: number = DEFAULT_INTERVAL_MS,
): SettingsSource {
  let asked = false;
  function load(): RawSpecification;
  function load(options: LoadOptions): Delivery | Promise<Delivery>;
  /** Only the client's first is at once: later ones happen while requests are served. */
  function load(options?: LoadOptions): Delivery | Promise<Delivery> {
    if (options === undefined) return files.readNow();
    if (asked) return files.readLater(options.known);
    asked = true;
    return files.readNow();
  }
  return {
    name: 'file',
    intervalMs,
    settleMs: SETTLE_MS,
    load,
    watch: (changed, { signal }) => files.watch(changed, signal),
  };
}

/** Undefined where no files are meant. */
function filesOf(settings: unknown): ExperimentFiles | undefined {
  if (typeof settings === 'string' || settings instanceof URL) {
    return new ExperimentFiles([pathOf(settings)], false);
  }
  if (!isObject(settings) || !Object.hasOwn(settings, 'files')) return undefined;
  // A misplaced "files" in a specification is a problem of the specification.
  if (Object.hasOwn(settings, 'experiments')) return undefined;
  checkOptions('settingsSource()', settings, filesChecks);
  const { files } = settings as unknown as SettingsFiles;
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
