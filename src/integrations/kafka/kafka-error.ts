import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';

/** The most errors of one failure that are read. Both `cause` and `errors` can lead back to the error itself. */
const MAX_ERRORS = 100;

/** Brokers' error codes for data above their limit: MESSAGE_TOO_LARGE and RECORD_LIST_TOO_LARGE. */
const TOO_LARGE: ReadonlySet<unknown> = new Set([10, 18]);

/** Error codes for a missing topic: UNKNOWN_TOPIC_OR_PARTITION, of the broker and of librdkafka. */
const NO_TOPIC: ReadonlySet<unknown> = new Set([3, -188]);

/** The message of `@platformatic/kafka` for a missing topic, which has no code of its own. */
const UNKNOWN_TOPIC = /^Unknown topic /;

/** Node's error code for text in place of a Buffer. */
const NO_BUFFER = 'ERR_INVALID_ARG_TYPE';

/** The reason of a failed send. */
export interface KafkaFailure {
  /** The distinct messages of the error and of its causes, from the outside in. */
  readonly reason: string;
  /** True if the messages exceed the brokers' limit. */
  readonly isTooLarge: boolean;
  /** True if the topic does not exist, or the client may not see it. */
  readonly isTopicMissing: boolean;
  /** True if the producer does not convert text to bytes. */
  readonly lacksSerializers: boolean;
}

/**
 * Reads the error of a client. `kafkajs` and librdkafka set `code` to the broker's error code, on the
 * error or on its causes. `@platformatic/kafka` sets `apiCode`, and lists an error for each broker and
 * attempt in `errors`.
 */
export function readFailure(thrown: unknown): KafkaFailure {
  const errors = errorsIn(thrown);
  const codes = errors.flatMap((error) => [
    thrownProperty(error, 'code'),
    thrownProperty(error, 'apiCode'),
  ]);
  const messages = errors.map((error) => thrownMessage(error));
  return {
    reason: reasonOf(messages),
    isTooLarge: codes.some((code) => TOO_LARGE.has(code)),
    isTopicMissing:
      codes.some((code) => NO_TOPIC.has(code)) || messages.some((text) => UNKNOWN_TOPIC.test(text)),
    lacksSerializers: codes.includes(NO_BUFFER),
  };
}

/** Returns an error, and those that it wraps. */
function errorsIn(thrown: unknown): unknown[] {
  const found = [thrown];
  // The list grows while it is read.
  for (const error of found) {
    const inner = [thrownProperty(error, 'cause'), ...listIn(error)];
    for (const one of inner) {
      if (found.length === MAX_ERRORS) return found;
      if (one !== undefined && one !== null && !found.includes(one)) found.push(one);
    }
  }
  return found;
}

function listIn(error: unknown): unknown[] {
  const list = thrownProperty(error, 'errors');
  try {
    return Array.isArray(list) ? list.slice(0, MAX_ERRORS) : [];
  } catch {
    return [];
  }
}

/** The most messages in a reason: more of them tell about other brokers and earlier attempts. */
const MAX_MESSAGES = 4;

/** Joins the first distinct messages. */
function reasonOf(messages: readonly string[]): string {
  const texts = messages.map((text) => text.replace(/\.$/, '')).filter((text) => text !== '');
  return [...new Set(texts)].slice(0, MAX_MESSAGES).join(': ');
}
