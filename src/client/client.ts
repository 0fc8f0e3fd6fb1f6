import { checkOptions } from '../assignment/check-options.ts';
import type { Participant } from '../assignment/participant.ts';
import { type AssignmentPolicy, createPolicy } from '../assignment/policy.ts';
import { type ParticipantOptions, Snapshot } from '../assignment/snapshot.ts';
import { EvenhandError, SourceError } from '../errors.ts';
import { settingsSource } from '../sources/settings-source.ts';
import { isSource, type RawSpecification, type Source } from '../sources/source.ts';
import { thrownMessage } from '../thrown.ts';
import { parseJson } from '../spec/parse-json.ts';
import { quote } from '../show-value.ts';
import { parseSpecification } from '../spec/specification.ts';
import { clientChecks, type ClientOptions } from './options.ts';
import { isThenable } from '../thenable.ts';

/**
 * Experiments from a source, ready to decide; Evenhand without Express, for jobs and scripts.
 *
 * A file or a specification in memory is loaded at once. A source that answers with a promise has to
 * be awaited: `await client.ready()`.
 *
 * @throws OptionError (`option`) for options that can't be meant
 * @throws SourceError (`source`) where the source can't deliver
 * @throws SpecError (`json`, `spec`) for a bad specification, with every problem
 */
export function createClient(options: ClientOptions = {}): Client {
  checkOptions('createClient()', options, clientChecks);
  return new Client(options);
}

/** What `createClient()` makes: the snapshot in force, and its source. */
export class Client {
  private readonly source: Source;
  private readonly policy: AssignmentPolicy;
  private readonly loading: Promise<void>;
  private snapshot: Snapshot | undefined;
  private failure: EvenhandError | undefined;
  private closing: Promise<void> | undefined;

  /** Made by `createClient()`; the options have been checked. */
  constructor(options: ClientOptions) {
    this.source = isSource(options.source) ? options.source : settingsSource(options.source);
    this.policy = createPolicy(options);
    const raw = deliver(this.source);
    if (raw instanceof Promise) {
      this.loading = this.settle(raw);
      // Whoever asks is told; nobody asking must not end the process.
      this.loading.catch(() => {});
    } else {
      this.accept(raw);
      this.loading = Promise.resolve();
    }
  }

  /**
   * Resolves when there are experiments to decide by; at once for a file or a specification.
   *
   * Rejects with SourceError (`source`) where the source can't deliver, with SpecError (`json`,
   * `spec`) for a bad specification.
   */
  ready(): Promise<void> {
    return this.loading;
  }

  /**
   * The set of experiments in force; immutable, so it can be kept for as long as one set is wanted.
   *
   * @throws SourceError (`source`) before `ready()` has resolved; why it rejected, after that
   */
  experiments(): Snapshot {
    if (this.snapshot !== undefined) return this.snapshot;
    throw (
      this.failure ??
      new SourceError(
        `the source ${quote(this.source.name)} has not delivered yet; await client.ready() first`,
      )
    );
  }

  /**
   * A participant for a context: `client.participant({ user }).variant('experiment_1')`.
   *
   * @throws ContextError (`context`) where the context is no object
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  participant(context?: object, options?: ParticipantOptions): Participant {
    return this.experiments().participant(context, options);
  }

  /** Closes the source. Decisions go on with the last snapshot. May be called again. */
  close(): Promise<void> {
    this.closing ??= closeSource(this.source);
    return this.closing;
  }

  /**
   * The snapshot in force, if there is one.
   *
   * @internal
   */
  get inForce(): Snapshot | undefined {
    return this.snapshot;
  }

  private async settle(raw: Promise<RawSpecification>): Promise<void> {
    try {
      this.accept(await raw);
    } catch (error) {
      this.failure = asSourceError(this.source, error);
      throw this.failure;
    }
  }

  /** Puts a whole new snapshot in force, or none. */
  private accept(raw: RawSpecification): void {
    if (!isRaw(raw)) {
      throw new SourceError(
        `the source ${quote(this.source.name)} must deliver { origin, text } or { origin, data }, with the origin and the text as strings`,
      );
    }
    const { origin, ...rest } = raw;
    const specification =
      'text' in rest
        ? parseSpecification(parseJson(rest.text, origin), { origin, text: rest.text })
        : parseSpecification(rest.data, { origin });
    this.snapshot = new Snapshot(specification, this.policy);
  }
}

/** Asks the source; gives a true promise where it answers with any kind of one. */
function deliver(source: Source): RawSpecification | Promise<RawSpecification> {
  let raw: RawSpecification | Promise<RawSpecification>;
  try {
    raw = source.load();
  } catch (error) {
    throw asSourceError(source, error);
  }
  return isThenable(raw) ? Promise.resolve(raw) : raw;
}

function asSourceError(source: Source, error: unknown): EvenhandError {
  if (error instanceof EvenhandError) return error;
  return new SourceError(
    `the source ${quote(source.name)} can't deliver: ${thrownMessage(error)}`,
    {
      cause: error,
    },
  );
}

/** Sources may be written without types. */
function isRaw(raw: unknown): raw is RawSpecification {
  if (typeof raw !== 'object' || raw === null) return false;
  if (!('origin' in raw) || typeof raw.origin !== 'string') return false;
  return ('text' in raw && typeof raw.text === 'string') || ('data' in raw && !('text' in raw));
}

async function closeSource(source: Source): Promise<void> {
  await source.close?.();
}
