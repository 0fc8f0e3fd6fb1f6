import type { EvenhandError } from '../errors/evenhand-error.ts';
import { SourceError } from '../errors/store-errors.ts';
import { CacheFile } from '../sources/cache-file.ts';
import { settingsSource } from '../sources/file/settings-source.ts';
import type { RawSpecification } from '../specification/raw.ts';
import type { Revision } from '../specification/types.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { LiveOptions } from './live-options.ts';
import type { Provider } from './status.ts';
import { ToldProblems } from './told-problems.ts';

/** What stands in for a source that can't deliver at the start. */
export interface StandIn {
  readonly raw: RawSpecification;
  readonly provider: Exclude<Provider, 'source'>;
  /** For the log: what it is. */
  readonly what: string;
}

/** The cache file and `bootstrap`: what a client starts with where its source is down. */
export class Reserve {
  private readonly cache: CacheFile | undefined;
  private readonly bootstrap: LiveOptions['bootstrap'];
  private readonly failed: (problem: EvenhandError) => void;
  private readonly told = new ToldProblems();

  /** @param failed told once what is wrong with the cache file or with `bootstrap` */
  constructor({ cacheFile, bootstrap }: LiveOptions, failed: (problem: EvenhandError) => void) {
    this.failed = (problem) => {
      if (this.told.isNew(problem)) failed(problem);
    };
    const written = () => void this.told.clear();
    this.cache =
      cacheFile === undefined ? undefined : new CacheFile(cacheFile, this.failed, written);
    this.bootstrap = bootstrap;
  }

  /**
   * Has something stand in.
   *
   * @param use puts it in force; throws where it is no good, and the next one is tried
   * @returns whether something does
   */
  standIn(use: (one: StandIn) => void): boolean {
    return [() => this.fromCache(), () => this.fromBootstrap()].some((find) => {
      try {
        const found = find();
        if (found !== undefined) use(found);
        return found !== undefined;
      } catch (error) {
        this.failed(
          new SourceError(`nothing can stand in for the source: ${thrownMessage(error)}`, {
            cause: error,
          }),
        );
        return false;
      }
    });
  }

  /** Keeps what the source has delivered, which is good. */
  save(raw: RawSpecification, revision: Revision | undefined): void {
    this.cache?.save(raw, revision);
  }

  /** Resolves when the cache file is written. */
  async close(): Promise<void> {
    await this.cache?.close();
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
