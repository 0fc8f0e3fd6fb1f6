import { checkOptions, type OptionChecks, checks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import { LOST_AFTER_MS, type Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { Turns } from '../../exposures/sinks/file/turns.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';

/**
 * JetStream: `jetstream(connection)` of `@nats-io/jetstream`, `connection.jetstream()` of `nats` 2.
 */
export interface NatsJetStream {
  publish(subject: string, payload: Uint8Array, options: { msgID: string }): Promise<unknown>;
}

/** A connection: `connect()` of `@nats-io/transport-node` or of `nats` 2. */
export interface NatsConnection {
  publish(subject: string, payload: Uint8Array): void;
  flush(): Promise<void>;
}

/** Options of `natsSink()`: the `subject`, and either `jetstream` or `connection`. */
export interface NatsSinkOptions {
  /** JetStream, which stores records: a batch is written when the server has stored all of them. */
  jetstream?: NatsJetStream;
  /** A connection without JetStream: only current subscribers receive the records. */
  connection?: NatsConnection;
  /**
   * The subject of the messages, such as `exposures`. With JetStream, a stream must store this
   * subject.
   */
  subject: string;
}

const sinkChecks: OptionChecks = new Map([
  ['jetstream', checks.anObject],
  ['connection', checks.anObject],
  [
    'subject',
    {
      expected: 'a subject without spaces or wildcards',
      accepts: (value: unknown) => typeof value === 'string' && /^[^\s*>]+$/.test(value),
    },
  ],
]);

/** Sends a batch; rejects if a part of it is not safe. */
type Send = (batch: readonly EventRecord[]) => Promise<void>;

/** The errors of both kinds of clients if no stream stores the subject. */
const NO_STREAM = /no responders|jetstream is not enabled|\b503\b/i;

/** The error of a client for a message that exceeds the server's limit. */
const TOO_LARGE = /max_payload|maximum payload/i;

/**
 * Returns a sink that publishes records to NATS, each as JSON in its own message. With JetStream,
 * the record's id is the message id, by which the server drops repeated messages within the
 * stream's `duplicate_window`.
 *
 * Only a record that exceeds the server's message size is rejected permanently. If no stream stores
 * the subject, or the stream is full, the batch waits until the problem is fixed.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function natsSink(options: NatsSinkOptions): Sink {
  options = checkOptions('natsSink()', options, sinkChecks);
  const send = senderOf(options);
  // The client still holds an aborted batch; a retry beside it would fill its buffer.
  const turns = new Turns(LOST_AFTER_MS);
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
  throw new OptionError('natsSink(): set { jetstream, subject } or { connection, subject }');
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
  // Sent alone first: if it fails, the client can't send the others either.
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
  // Fails without a connection, on which publish() would discard messages silently.
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

/** Throws a failure that can be retried, otherwise a permanent one, if there is any. */
function settle(outcomes: readonly (SinkError | undefined)[]): void {
  const failures = outcomes.filter((one) => one !== undefined);
  const worst = failures.find(({ permanent }) => permanent !== true) ?? failures[0];
  if (worst !== undefined) throw worst;
}

function failureOf(subject: string, thrown: unknown): SinkError {
  const reason = thrownMessage(thrown);
  const advice = NO_STREAM.test(reason) ? '; create a stream for this subject' : '';
  return new SinkError(`the subject ${quote(subject)}: ${reason}${advice}`, {
    cause: thrown,
    permanent: TOO_LARGE.test(reason),
  });
}
