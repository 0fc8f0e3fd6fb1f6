import { thrownMessage, thrownProperty } from '../../../errors/thrown.ts';

/** The longest part of a client's message that is shown, in characters. */
const MAX_REASON = 200;

/**
 * The arguments in the server's error about an unknown command; those of `AUTH` contain a password.
 */
const ARGUMENTS = /,? with args beginning with.*$/su;

/**
 * The properties in which an error lists other errors: of several addresses, or of a transaction.
 */
const SEVERAL = ['errors', 'replies', 'previousErrors'] as const;

const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;

/**
 * Returns the message of a client's error, without secrets. The error itself is never used as a
 * `cause`, because clients attach the command with all its arguments, including passwords and
 * specifications.
 */
export function messageWithoutSecrets(thrown: unknown): string {
  const message = thrownMessage(firstOf(thrown)).replace(ARGUMENTS, '').replaceAll(CONTROLS, ' ');
  return message === '' ? 'the client gave no reason' : message.slice(0, MAX_REASON);
}

/** Returns a message about a problem with a key. */
export function problemOf(origin: string, thrown: unknown): string {
  const reason = messageWithoutSecrets(thrown);
  const advice = reason.startsWith('WRONGTYPE') ? '; use another key' : '';
  return `${origin}: ${reason}${advice}`;
}

/** Returns the first of several errors, which has the actual message. */
function firstOf(thrown: unknown): unknown {
  for (const name of SEVERAL) {
    const several = thrownProperty(thrown, name);
    const first: unknown = Array.isArray(several)
      ? several.find((one) => thrownProperty(one, 'message') !== undefined)
      : undefined;
    if (first !== undefined) return first;
  }
  return thrown;
}
