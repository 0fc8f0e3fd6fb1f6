import { checkOptions, type OptionChecks, checks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import type { Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { Turns } from '../../exposures/sinks/file/turns.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';

/** JetStream: `jetstream(connection)` of `@nats-io/jetstream`, `connection.jetstream()` of `nats` 2. */
export interface NatsJetStream {
  publish(subject: string, payload: Uint8Array, options: { msgID: string }): Promise<unknown>;
}

/** A connection: `connect()` of `@nats-io/transport-node` or of `nats` 2. */
export interface NatsConnection {
  publish(subject: string, payload: Uint8Array): void;
  flush(): Promise<void>;
}

/** Options of `natsSink()`: one of `jetstream` and `connection`, and the `subject`. */
export interface NatsSinkOptions {
  /** Stores records: a batch is written when the server has all of them. */
  jetstream?: NatsJetStream;
  /** Without JetStream: whoever subscribes gets them; where nobody does, nobody ever will. */
  connection?: NatsConnection;
  /** Where records are published: `exposures`. A stream must take it, for JetStream. */
  subject: string;
}

const sinkChecks: OptionChecks = new Map([
  ['jetstream', checks.anObject],
  ['connection', checks.anObject],
  [
    'subject',
    {
      expected: 'a subject without spaces and wildcards',
      accepts: (value: unknown) => typeof value === 'string' && /^[^\s*>]+$/.test(value),
    },
  ],
]);

/** Takes a batch; rejects where a part of it is not safe. */
type Send = (batch: readonly EventRecord[]) => Promise<void>;

/** What is said where no stream takes the subject, by the clients of both kinds. */
const NO_STREAM = /no responders|jetstream is not enabled|\b503\b/i;

/** What a client says of a message that is larger than its server takes. */
const TOO_LARGE = /max_payload|maximum payload/i;

/**
 * A sink that publishes records to NATS, each as JSON in a message of its own. With JetStream a record's
 * id is the message's, by which the server drops what comes again within the stream's
 * `duplicate_window`.
 *
 * Only what is larger than the server takes is refused for good; where no stream takes the subject, or
 * it is full, the batch waits until that is mended.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function natsSink(options: NatsSinkOptions): Sink {
  checkOptions('natsSink()', options, sinkChecks);
  const send = senderOf(options);
  // What was given up is still with the client; another try beside it would pile up there.
  const turns = new Turns();
  return {
    name: 'nats',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length > 0) await turns.run(() => send(batch), signal);
    },
  };
}

function senderOf({ jetstream, connection, subject }: NatsSinkOptions): Send {
  if (subject !== undefined && jetstream !== undefined && connection === undefined) {
    return (batch) => throughJetStream(jetstream, subject, batch);
  }
  if (subject !== undefined && jetstream === undefined && connection !== undefined) {
    return (batch) => throughConnection(connection, subject, batch);
  }
  throw new OptionError('natsSink() takes { jetstream, subject } or { connection, subject }');
}

async function throughJetStream(
  jetstream: NatsJetStream,
  subject: string,
  batch: readonly EventRecord[],
): Promise<void> {
  const publish = async (record: EventRecord): Promise<SinkError | undefined> => {
    try {
      await jetstream.publish(subject, payloadOf(record), { msgID: record.id });
      return undefined;
    } catch (error) {
      return failureOf(subject, error);
    }
  };
  const [first, ...others] = batch;
  if (first === undefined) return;
  // By itself: where it fails, the others would only be given to a client that can't send them.
  const outcome = await publish(first);
  if (outcome !== undefined && outcome.permanent !== true) throw outcome;
  settle([outcome, ...(await Promise.all(others.map(publish)))]);
}

async function throughConnection(
  connection: NatsConnection,
  subject: string,
  batch: readonly EventRecord[],
): Promise<void> {
  const flush = async (): Promise<void> => {
    try {
      await connection.flush();
    } catch (error) {
      throw failureOf(subject, error);
    }
  };
  // Whether there is a connection: without one, what is published is thrown away.
  await flush();
  const outcomes = batch.map((record) => {
    try {
      connection.publish(subject, payloadOf(record));
      return undefined;
    } catch (error) {
      return failureOf(subject, error);
    }
  });
  await flush();
  settle(outcomes);
}

function payloadOf(record: EventRecord): Uint8Array {
  return Buffer.from(encodeRecord(record));
}

/** Throws what is wrong: first what is worth another try, which takes along all that can be taken. */
function settle(outcomes: readonly (SinkError | undefined)[]): void {
  const failures = outcomes.filter((one) => one !== undefined);
  const worst = failures.find(({ permanent }) => permanent !== true) ?? failures[0];
  if (worst !== undefined) throw worst;
}

function failureOf(subject: string, thrown: unknown): SinkError {
  const reason = thrownMessage(thrown);
  const advice = NO_STREAM.test(reason) ? '; there must be a stream that takes this subject' : '';
  return new SinkError(`the subject ${quote(subject)}: ${reason}${advice}`, {
    cause: thrown,
    permanent: TOO_LARGE.test(reason),
  });
}
