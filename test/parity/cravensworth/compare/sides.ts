import type { RawAnswer } from '../../../http/raw-server.ts';
import type { Case } from '../case.ts';
import { Django } from '../django.ts';
import { ExpressSide } from '../express.ts';
import { BROKEN_OFF } from '../raw-client.ts';
import type { Visitor } from '../visitors.ts';
import { kindOfDjango, kindOfEvenhand } from './error-kinds.ts';

/** One application. */
export interface Side {
  start(): Promise<void>;
  use(next: Case): Promise<void>;
  ask(path: string, visitor: Visitor, lines?: readonly string[]): Promise<RawAnswer>;
}

/** An answer to a question, or the kind of the error. */
export type Decided =
  | {
      readonly is: readonly string[];
      readonly isOneOf: readonly boolean[];
      readonly on: boolean;
      readonly off: boolean;
    }
  | { readonly error: string };

/** Both applications. */
export class Sides {
  readonly django = new Django();
  readonly express = new ExpressSide();

  async start(): Promise<void> {
    await Promise.all([this.django.start(), this.express.start()]);
  }

  /** Makes both answer by a case. */
  async use(next: Case): Promise<void> {
    await Promise.all([this.django.use(next), this.express.use(next)]);
  }

  /** Returns Cravensworth's decisions at a path: one for each question, or an error that makes it a 500. */
  async cravensworth(path: string, visitor: Visitor): Promise<readonly Decided[]> {
    return decisionsIn(await this.django.ask(path, visitor), kindOfDjango);
  }

  /** Returns Evenhand's decisions at a path, and the tracking key that the response sets. */
  async evenhand(
    path: string,
    visitor: Visitor,
    cookie: string,
  ): Promise<{ readonly decided: readonly Decided[]; readonly newKey: string | undefined }> {
    const answer = await this.express.ask(path, visitor);
    return { decided: decisionsIn(answer, kindOfEvenhand), newKey: setValue(answer, cookie) };
  }
}

/** An error as the applications send it; `name` is Python's, `code` is Evenhand's. */
export interface SentError {
  readonly error: { readonly name?: string; readonly code?: string; readonly message: string };
}

function decisionsIn(
  { status, body }: RawAnswer,
  kindOf: (error: SentError['error']) => string,
): readonly Decided[] {
  if (status === BROKEN_OFF) return [{ error: 'no response' }];
  if (status !== 200 && status !== 500) throw new Error(`unexpected answer ${status}: ${body}`);
  const parsed = JSON.parse(body) as SentError | readonly (Decided | SentError)[];
  return [parsed].flat().map((one) => {
    const { error } = one as SentError;
    return error === undefined ? (one as Decided) : { error: kindOf(error) };
  });
}

/** Returns the value that a response sets for a cookie, without quotes; undefined if it does not. */
export function setValue(answer: RawAnswer, cookie: string): string | undefined {
  const line = answer.values('Set-Cookie').find((one) => one.startsWith(`${cookie}=`));
  return line?.slice(cookie.length + 1).split(';')[0];
}
