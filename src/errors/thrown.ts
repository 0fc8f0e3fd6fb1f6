/** The most characters of a message that are read: a log line must stay readable. */
const MAX_MESSAGE = 10_000;

const UNREADABLE = "a value that can't be converted to text";

/**
 * Returns the message of a thrown value, at most 10,000 characters. It does not use `instanceof`: the
 * value may come from another realm, such as a test runner's sandbox. Never throws, even if an
 * application throws something that can't be converted to text.
 */
export function thrownMessage(thrown: unknown): string {
  try {
    const text =
      typeof thrown === 'object' && thrown !== null && 'message' in thrown
        ? String(thrown.message)
        : String(thrown);
    return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  } catch {
    return UNREADABLE;
  }
}

/**
 * Reads a property of a thrown value; undefined if there is none or reading it fails. Applications can
 * throw anything: a Proxy that refuses every access, or an object whose getters throw.
 */
export function thrownProperty(thrown: unknown, name: string): unknown {
  try {
    return Object(thrown) === thrown ? Reflect.get(thrown as object, name) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the name of a value's class, or its type: `TypeError`, `string`. Never throws. */
export function kindOfThrown(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return typeof thrown;
  const name = thrownProperty(thrownProperty(thrown, 'constructor'), 'name');
  return typeof name === 'string' ? name : 'object';
}

/** The properties that Express, loggers and error handlers read of an error. */
const READ_BY_OTHERS = [
  'name',
  'message',
  'stack',
  'cause',
  'code',
  'status',
  'statusCode',
  'headers',
  'expose',
  'constructor',
];

/**
 * Returns true if others can safely read a thrown value and convert it to text. Anything else must not
 * be handed on: Express's own error handler, for example, would throw.
 */
export function isReadable(thrown: unknown): boolean {
  if (Object(thrown) !== thrown) return true;
  try {
    for (const name of READ_BY_OTHERS) Reflect.get(thrown as object, name);
    String(thrown);
    return true;
  } catch {
    return false;
  }
}
