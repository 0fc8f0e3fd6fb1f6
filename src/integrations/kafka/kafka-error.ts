import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';

/** The reason why a send failed. */
export interface KafkaFailure {
  /** The messages of the error and of its causes, from the outside in, and what to do. */
  readonly reason: string;
  /** True if the messages exceed the brokers' limit. */
  readonly isTooLarge: boolean;
}

/** Brokers' error codes for data above their limit: MESSAGE_TOO_LARGE and RECORD_LIST_TOO_LARGE. */
const TOO_LARGE: ReadonlySet<unknown> = new Set([10, 18]);

/** Remedies for errors, by their codes and messages. */
const ADVICE: readonly { codes: readonly unknown[]; message?: RegExp; advice: string }[] = [
  {
    // UNKNOWN_TOPIC_OR_PARTITION, of a broker and of librdkafka. @platformatic/kafka has no code for it.
    codes: [3, -188],
    message: /^Unknown topic /,
    advice: 'create the topic, or let brokers and producer create topics',
  },
  {
    // Node's code for text where a Buffer must be: the producer of @platformatic/kafka hands it on as it is.
    codes: ['ERR_INVALID_ARG_TYPE'],
    advice: 'create the producer with serializers: stringSerializers',
  },
  {
    // OUT_OF_ORDER_SEQUENCE_NUMBER. An idempotent producer of kafkajs counts a request as not sent if one
    // of its partitions has refused it, and then never gets back in step with the others.
    codes: [45],
    advice: 'create the producer without idempotent: true',
  },
];

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
  const found = ADVICE.find(
    ({ codes: known, message }) =>
      codes.some((code) => known.includes(code)) ||
      (message !== undefined && messages.some((text) => message.test(text))),
  );
  const reason = joined(messages);
  return {
    reason: found === undefined ? reason : `${reason}; ${found.advice}`,
    isTooLarge: codes.some((code) => TOO_LARGE.has(code)),
  };
}

/** The most errors of one failure that are read. Both `cause` and `errors` can lead back to the error itself. */
const MAX_ERRORS = 100;

/** Returns an error, and those that it wraps. */
function errorsIn(thrown: unknown): unknown[] {
  const found = [thrown];
  // The list grows while it is read.
  for (const error of found) {
    for (const inner of [thrownProperty(error, 'cause'), ...listIn(error)]) {
      if (found.length === MAX_ERRORS) return found;
      if (inner !== undefined && inner !== null && !found.includes(inner)) found.push(inner);
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

/** The most messages in a reason: more of them are about other brokers and earlier attempts. */
const MAX_MESSAGES = 4;

/** Joins the first distinct messages. */
function joined(messages: readonly string[]): string {
  const texts = messages.map((text) => text.replace(/\.$/, '')).filter((text) => text !== '');
  return [...new Set(texts)].slice(0, MAX_MESSAGES).join(': ');
}
