import type { Request } from 'express';
import { isObject } from '../options/check-options.ts';
import { realTimers } from '../runtime/real-timers.ts';

/** The values of a form by field, in the order they were sent. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** The reason why a form can't be read. */
export interface FormProblem {
  /** 400 bad form, 408 too slow, 413 too large, 415 another type. */
  readonly status: 400 | 408 | 413 | 415;
  /** A sentence for the visitor. */
  readonly message: string;
}

/** The result of reading a form; undefined if the visitor has left. */
export type FormBody =
  { readonly fields: FormFields } | { readonly problem: FormProblem } | undefined;

/** Limits of a form. */
export interface FormLimits {
  readonly maxBytes: number;
  /** @default 100 */
  readonly maxFields?: number;
  /** The longest time that reading takes, in milliseconds. @default 10,000 */
  readonly timeoutMs?: number;
}

const MAX_FIELDS = 100;
const TIMEOUT_MS = 10_000;

const FORM = 'application/x-www-form-urlencoded';

/** Characters outside ASCII are in UTF-8, which is the only encoding that browsers use for such forms. */
const UTF_8 = /^(?:utf-8|utf8|us-ascii)$/i;

const NOT_A_FORM: FormProblem = {
  status: 415,
  message: `The form must be sent as ${FORM}, in UTF-8 and without compression.`,
};
const TOO_LARGE: FormProblem = { status: 413, message: 'The form is too large.' };
const TOO_SLOW: FormProblem = {
  status: 408,
  message: 'The form did not arrive in time. Reload the page and try again.',
};
const BAD_FORM: FormProblem = {
  status: 400,
  message: 'The form could not be read. Reload the page and try again.',
};
const TOO_MANY_FIELDS: FormProblem = { status: 400, message: 'The form has too many fields.' };

/**
 * Reads the form that a request carries. If a parser of the application ran before, its `req.body` counts.
 * Never rejects.
 */
export async function readForm(req: Request, limits: FormLimits): Promise<FormBody> {
  try {
    if (!isForm(req)) return { problem: NOT_A_FORM };
    if (Number(req.headers['content-length'] ?? 0) > limits.maxBytes) return { problem: TOO_LARGE };
    const parsed = parsedBody(req);
    if (parsed !== undefined) return fromParser(parsed, limits);
    const text = await readText(req, limits);
    return typeof text === 'string' ? parseForm(text, limits) : text;
  } catch {
    // A body with throwing getters, or a request without a stream.
    return { problem: BAD_FORM };
  }
}

/** Returns the last value of a field; undefined if the form has none. */
export function fieldOf(fields: FormFields, name: string): string | undefined {
  return fields.get(name)?.at(-1);
}

function isForm({ headers }: Request): boolean {
  const [type = '', ...params] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== FORM) return false;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const charset = params
    .map((param) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/i.exec(param)?.[1])
    .find((one) => one !== undefined);
  return encoding === 'identity' && UTF_8.test(charset ?? 'utf-8');
}

/** Returns what a parser of the application left; undefined if the body is still to be read. */
function parsedBody(req: Request): unknown {
  const body: unknown = req.body;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  if (req.readableEnded) return isObject(body) ? body : {};
  // Parsers of other types leave an empty object, and the stream as it was.
  return isObject(body) && Object.keys(body).length > 0 ? body : undefined;
}

function fromParser(body: unknown, limits: FormLimits): FormBody {
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    if (Buffer.byteLength(body) > limits.maxBytes) return { problem: TOO_LARGE };
    return parseForm(body.toString(), limits);
  }
  const fields = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(Object(body) as object)) {
    const texts = [value].flat().filter((one) => typeof one === 'string');
    if (texts.length > 0) fields.set(name, texts);
  }
  const count = [...fields.values()].reduce((sum, texts) => sum + texts.length, 0);
  return count > (limits.maxFields ?? MAX_FIELDS) ? { problem: TOO_MANY_FIELDS } : { fields };
}

/** Reads the text of a body up to the limit. Returns undefined if the visitor has left. */
export function readText(
  req: Request,
  { maxBytes, timeoutMs = TIMEOUT_MS }: FormLimits,
): Promise<string | { readonly problem: FormProblem } | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: string | { readonly problem: FormProblem } | undefined) => {
      realTimers.clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('error', onLeft).off('close', onLeft);
      // An error without a listener would end the process.
      req.on('error', () => {});
      resolve(result);
    };
    const onData = (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > maxBytes) finish({ problem: TOO_LARGE });
      else chunks.push(bytes);
    };
    const onEnd = () => finish(Buffer.concat(chunks).toString());
    const onLeft = () => finish(undefined);
    if (req.destroyed) {
      resolve(undefined);
      return;
    }
    // First, because a mock without a stream throws here.
    req.on('data', onData).on('end', onEnd).on('error', onLeft).on('close', onLeft);
    const timer = realTimers.setTimeout(() => finish({ problem: TOO_SLOW }), timeoutMs);
  });
}

/** Parses `a=1&b=x+y`. Each name and value must be UTF-8 in percent-encoding. */
function parseForm(text: string, { maxFields = MAX_FIELDS }: FormLimits): FormBody {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('&', start);
    const end = next === -1 ? text.length : next;
    const pair = text.slice(start, end);
    start = end + 1;
    if (pair === '') continue;
    if (++count > maxFields) return { problem: TOO_MANY_FIELDS };
    const equals = pair.indexOf('=');
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) return { problem: BAD_FORM };
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return { fields };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
