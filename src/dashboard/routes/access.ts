import type { Request } from 'express';
import { OptionError } from '../../errors/usage-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { within } from '../../runtime/within.ts';
import { createAccess } from '../../web/access.ts';
import { type Right, RIGHTS } from '../frame/rights.ts';

/** The options that open the dashboard; see `DashboardOptions`. */
export interface AccessSetup {
  readonly allow: ((req: Request) => unknown) | undefined;
  readonly allowIps: readonly string[];
  readonly author: ((req: Request) => unknown) | undefined;
  /** Returns the author of a request with a token that the application has verified. */
  readonly apiAuthor: ((req: Request) => unknown) | undefined;
  /** False for a dashboard that only reads: nobody has a right to write. */
  readonly canWrite: boolean;
  readonly once: OnceLogger;
  /** The longest wait for one of the application's functions, in milliseconds. @default 10,000 */
  readonly waitMs?: number;
}

/** The rights of a visitor. */
export interface Grant {
  readonly rights: ReadonlySet<Right>;
  /** Undefined if nobody can write. */
  readonly author: string | undefined;
  /** True if the application has verified a token of the request, which no other site can send. */
  readonly hasToken: boolean;
}

/**
 * Returns the rights of a visitor; undefined for a request without access. Never rejects.
 *
 * @param isJson true if the request writes JSON, which a form of another site can't send
 */
export type Gate = (req: Request, isJson: boolean) => Promise<Grant | undefined>;

const WHERE = 'dashboard()';

const WAIT_MS = 10_000;

/** The most characters of an author's name. */
const MAX_AUTHOR = 200;

const NONE: ReadonlySet<Right> = new Set();
const ALL: ReadonlySet<Right> = new Set(RIGHTS);

/**
 * Returns a function that decides who may see the dashboard, and who may write. It never rejects: an
 * `allow` that throws, is late, or returns anything unknown means no.
 *
 * @throws OptionError (`option`) for an entry of `allowIps` that is neither an address nor a range
 */
export function createGate(setup: AccessSetup): Gate {
  const { allow, allowIps, author, apiAuthor, canWrite, once, waitMs = WAIT_MS } = setup;
  const asking: Asking = { once, waitMs };
  const isOpen =
    allow === undefined || allowIps.length > 0
      ? createAccess({ where: WHERE, allow: undefined, allowIps, once })
      : () => false;
  /** The rights without `allow`: all on this machine, but only to read by address. */
  const otherwise = allow === undefined && allowIps.length === 0 ? ALL : NONE;

  return async (req, isJson) => {
    const allowed =
      allow === undefined ? undefined : rightsIn(await asked('allow', allow, req, asking), once);
    const rights = allowed ?? (isOpen(req) ? otherwise : undefined);
    if (rights === undefined) return undefined;
    if (!canWrite) return { rights: NONE, author: undefined, hasToken: false };
    const caller = isJson ? await authorOf(req, apiAuthor, 'apiAuthor', asking) : undefined;
    const name = caller ?? (await authorOf(req, author, 'author', asking));
    const hasToken = caller !== undefined;
    return { rights: name === undefined ? NONE : rights, author: name, hasToken };
  };
}

/** The limits of a question to the application. */
type Asking = Required<Pick<AccessSetup, 'once' | 'waitMs'>>;

/** Returns the name that the application gives a visitor; undefined without one. Never rejects. */
async function authorOf(
  req: Request,
  author: ((req: Request) => unknown) | undefined,
  option: 'author' | 'apiAuthor',
  asking: Asking,
): Promise<string | undefined> {
  const name = author === undefined ? undefined : await asked(option, author, req, asking);
  if (typeof name !== 'string') return undefined;
  return Buffer.from(name.trim().slice(0, MAX_AUTHOR)).toString() || undefined;
}

/** Calls a function of the application. Returns undefined if it fails or is late. */
async function asked(
  option: string,
  question: (req: Request) => unknown,
  req: Request,
  { once, waitMs }: Asking,
): Promise<unknown> {
  try {
    const late = () => new OptionError(`it did not answer within ${waitMs} ms`);
    return await within(question(req), waitMs, late);
  } catch (thrown) {
    once.error(
      `${WHERE} ${option} threw`,
      `evenhand: ${WHERE}: the function ${JSON.stringify(option)} failed, so the request gets ${option === 'allow' ? 'no access' : 'no right to write'}: ${thrownMessage(thrown)}`,
    );
    return undefined;
  }
}

/** Returns the rights that an answer of `allow` means; undefined for no access. */
function rightsIn(answer: unknown, once: OnceLogger): ReadonlySet<Right> | undefined {
  if (answer === 'write') return ALL;
  if (answer === 'read' || answer === true) return NONE;
  if (answer === false || answer === undefined || answer === null) return undefined;
  const rights = listedRights(answer);
  if (rights === undefined) {
    once.warn(
      `${WHERE} allow answer`,
      `evenhand: ${WHERE}: the function "allow" returned an unknown answer, so the request gets no access; return "write", "read", or a list of ${RIGHTS.map((right) => JSON.stringify(right)).join(', ')}`,
    );
  }
  return rights;
}

function listedRights(answer: unknown): ReadonlySet<Right> | undefined {
  try {
    if (!Array.isArray(answer) || answer.length > RIGHTS.length) return undefined;
    const listed = RIGHTS.filter((right) => answer.includes(right));
    return answer.every((one) => listed.includes(one)) ? new Set(listed) : undefined;
  } catch {
    // A list whose entries can't be read.
    return undefined;
  }
}
