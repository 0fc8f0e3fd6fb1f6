import { thrownMessage } from '../../../errors/thrown.ts';

/** How much of what a client says is in a message, in characters. */
const MAX_REASON = 200;

/** What a server shows of a command it does not know: among it a password, if that is `AUTH`. */
const ARGUMENTS = /,? with args beginning with.*$/su;

/** Where what is thrown has the errors it is about: of several addresses, of a transaction's commands. */
const SEVERAL = ['errors', 'replies', 'previousErrors'] as const;

const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;

/**
 * What a client says is wrong, for a message. The error itself is never handed on as a cause: clients
 * add the command to it with all that it was given, passwords and specifications among it.
 */
export function reasonOf(thrown: unknown): string {
  const message = thrownMessage(firstOf(thrown)).replace(ARGUMENTS, '').replaceAll(CONTROLS, ' ');
  return message === '' ? 'the client does not say why' : message.slice(0, MAX_REASON);
}

/** What is wrong with a key, for a message. */
export function problemOf(origin: string, thrown: unknown): string {
  const reason = reasonOf(thrown);
  const advice = reason.startsWith('WRONGTYPE') ? '; take another key' : '';
  return `${origin}: ${reason}${advice}`;
}

/** Of several errors the first, which says what the one around it does not. */
function firstOf(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null) return thrown;
  for (const name of SEVERAL) {
    const several: unknown = Reflect.get(thrown, name);
    const first: unknown = Array.isArray(several)
      ? several.find((one) => typeof one === 'object' && one !== null && 'message' in one)
      : undefined;
    if (first !== undefined) return first;
  }
  return thrown;
}
