import type { EvenhandError } from '../errors/evenhand-error.ts';
import { SourceError } from '../errors/store-errors.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { within } from '../runtime/within.ts';
import { CacheFile } from '../sources/cache-file.ts';
import { settingsSource } from '../sources/file/settings-source.ts';
import type { RawSpecification } from '../specification/raw.ts';
import type { Revision } from '../specification/types.ts';
import { ReportedProblems } from './events.ts';
import type { StandInSettings } from './options.ts';
import type { Provider } from './status.ts';

/** The longest wait for the cache file when the client closes, in milliseconds. */
const CLOSE_MS = 5000;

/** A specification that replaces a source which can't deliver at the start. */
export interface StandIn {
  readonly raw: RawSpecification;
  readonly provider: Exclude<Provider, 'source'>;
  /** Its name in the log: the path of a cache file. */
  readonly what: string;
}

/** The specifications a client can start with while its source is down: cache file and `bootstrap`. */
export class StandIns {
  private readonly cache: CacheFile | undefined;
  private readonly bootstrap: StandInSettings['bootstrap'];
  private readonly report: (problem: EvenhandError) => void;
  private readonly reported = new ReportedProblems();

  /** @param report called once for each problem of the cache file or of `bootstrap` */
  constructor({ cacheFile, bootstrap }: StandInSettings, report: (problem: EvenhandError) => void) {
    this.report = (problem) => {
      if (this.reported.isNew(problem)) report(problem);
    };
    const written = () => void this.reported.clear();
    this.cache =
      cacheFile === undefined ? undefined : new CacheFile(cacheFile, this.report, written);
    this.bootstrap = bootstrap;
  }

  /**
   * Tries the cache file, then `bootstrap`.
   *
   * @param use puts a stand-in in force; if it throws, the next one is tried
   * @returns whether one of them is in force
   */
  standIn(use: (one: StandIn) => void): boolean {
    return [() => this.fromCache(), () => this.fromBootstrap()].some((find) => {
      try {
        const found = find();
        if (found !== undefined) use(found);
        return found !== undefined;
      } catch (error) {
        this.report(
          new SourceError(`can't start without the source: ${thrownMessage(error)}`, {
            cause: error,
          }),
        );
        return false;
      }
    });
  }

  /** Saves a valid delivery of the source in the cache file. */
  save(raw: RawSpecification, revision: Revision | undefined): void {
    this.cache?.save(raw, revision);
  }

  /** Resolves when the cache file is written. Rejects with SourceError (`source`) after five seconds. */
  async close(): Promise<void> {
    const { cache } = this;
    if (cache === undefined) return;
    const late = () =>
      new SourceError(
        `the cache file ${cache.path} is still being written; the client closes without it`,
      );
    await within(cache.close(), CLOSE_MS, late);
  }

  private fromCache(): StandIn | undefined {
    const cached = this.cache?.read();
    if (this.cache === undefined || cached === undefined) return undefined;
    const what = `the cache file ${this.cache.path}, saved at ${cached.savedAt}`;
    return { raw: cached.raw, provider: 'cache', what };
  }

  private fromBootstrap(): StandIn | undefined {
    if (this.bootstrap === undefined) return undefined;
    const raw = settingsSource(this.bootstrap).load();
    return { raw, provider: 'bootstrap', what: `"bootstrap" (${raw.origin})` };
  }
}
