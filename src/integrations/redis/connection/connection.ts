/** An entry of a stream: its fields and their values. */
export type StreamEntry = Readonly<Record<string, string>>;

/** A uniform interface to the clients of both packages. */
export interface RedisConnection {
  /**
   * Runs `send`, which calls the methods below. Rejects as soon as there is no connection, where a
   * client itself would hold the commands back until it is connected.
   */
  whenConnected<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Reads a field of a hash; undefined if it does not exist. */
  hashField(key: string, field: string): Promise<string | undefined>;
  /** Reads fields of a hash atomically. */
  hashFields(key: string, fields: readonly string[]): Promise<(string | undefined)[]>;
  /** Reads the length of a field of a hash, in bytes; 0 if it does not exist. */
  hashFieldBytes(key: string, field: string): Promise<number>;
  /** Runs a Lua script with one key, and returns its answer, a list of texts. */
  run(script: string, key: string, args: readonly string[]): Promise<string[]>;
  /**
   * Appends entries to a stream, all or none, in one round trip.
   *
   * @param maxLength the approximate number of entries that the stream keeps; undefined keeps all
   */
  append(
    stream: string,
    entries: readonly StreamEntry[],
    maxLength: number | undefined,
  ): Promise<void>;
  /** Opens another connection to the same server, for listening. */
  listener(): RedisListener;
}

/** A connection that only listens. Its errors never end the process. */
export interface RedisListener {
  /** Called when the listening connection fails or ends, possibly several times. */
  onLost: (reason: unknown) => void;
  /**
   * Connects without a time limit, and resolves when it listens to the channel. Rejects if the server
   * refuses it.
   */
  listen(channel: string, heard: () => void): Promise<void>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Closes the connection immediately, in any state. Never throws. */
  close(): void;
}

/** Returns an answer as text; a client may be configured to return bytes. */
export function answerText(answer: unknown): string | undefined {
  if (Buffer.isBuffer(answer)) return answer.toString();
  return typeof answer === 'string' || typeof answer === 'number' ? String(answer) : undefined;
}

/** Returns a list answer as texts. */
export function textsOf(answer: unknown): (string | undefined)[] {
  return (answer as readonly unknown[]).map((one) => answerText(one));
}
