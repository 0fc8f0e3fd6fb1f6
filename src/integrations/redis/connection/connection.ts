/** An entry of a stream: names and values in turn. */
export type StreamEntry = Readonly<Record<string, string>>;

/** What is used of a Redis client, whichever package it is of. */
export interface RedisConnection {
  /**
   * Sends commands, those below. Rejects as soon as it turns out that there is no connection, or none
   * any more: a client would keep them until there is one.
   */
  whenConnected<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** A field of a hash; undefined where there is none. */
  hashField(key: string, field: string): Promise<string | undefined>;
  /** Fields of a hash, as they are at one moment. */
  hashFields(key: string, fields: readonly string[]): Promise<(string | undefined)[]>;
  /** How long a field of a hash is, in bytes; 0 where there is none. */
  hashFieldBytes(key: string, field: string): Promise<number>;
  /** Runs a Lua script that has one key; gives its answer, a list of texts. */
  run(script: string, key: string, args: readonly string[]): Promise<string[]>;
  /**
   * Appends entries to a stream, all or none, with one round trip.
   *
   * @param maxLength about how many entries the stream keeps; undefined: all
   */
  append(
    stream: string,
    entries: readonly StreamEntry[],
    maxLength: number | undefined,
  ): Promise<void>;
  /** Another connection to the same server, for listening. */
  listener(): RedisListener;
}

/** A connection that only listens. Its errors never end the process. */
export interface RedisListener {
  /** Told when the connection fails or ends once it is listening; may be told several times. */
  onLost: (reason: unknown) => void;
  /**
   * Connects, as long as it takes, and listens to a channel; resolves when it does. Rejects where that
   * is refused.
   */
  listen(channel: string, heard: () => void): Promise<void>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Ends the connection at once, whatever state it is in. Never throws. */
  close(): void;
}

/** An answer as text; a client may be set to give bytes. */
export function textOf(answer: unknown): string | undefined {
  if (Buffer.isBuffer(answer)) return answer.toString();
  return typeof answer === 'string' || typeof answer === 'number' ? String(answer) : undefined;
}

/** An answer that is a list, as texts. */
export function textsOf(answer: unknown): (string | undefined)[] {
  return (answer as readonly unknown[]).map((one) => textOf(one));
}
