import type { Request } from 'express';
import { isObject } from '../../options/check-options.ts';
import { type FormBody, type FormLimits, type FormProblem, readText } from '../../web/form-body.ts';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

const TOO_LARGE: FormProblem = { status: 413, message: 'The body is too large.' };
const BAD_JSON: FormProblem = { status: 400, message: 'The body must be a JSON object.' };
const TOO_MANY_FIELDS: FormProblem = { status: 400, message: 'The body has too many fields.' };
const COMPRESSED: FormProblem = {
  status: 415,
  message: 'The body must be JSON in UTF-8, without compression.',
};

const MAX_FIELDS = 100;

/** Returns true if a request says that its body is JSON. */
export function isJson(req: Request): boolean {
  return JSON_TYPE.test(req.headers['content-type'] ?? '');
}

/**
 * Reads the JSON object of a request as the fields of a form. Numbers become texts, `true` a tick, and
 * objects their JSON; `false` and `null` count as missing. If a parser of the application ran before, its
 * `req.body` counts. Never rejects.
 *
 * @returns undefined if the client has left
 */
export async function readJsonFields(req: Request, limits: FormLimits): Promise<FormBody> {
  try {
    const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding !== 'identity') return { problem: COMPRESSED };
    if (Number(req.headers['content-length'] ?? 0) > limits.maxBytes) return { problem: TOO_LARGE };
    if (req.readableEnded) return fieldsIn(req.body, limits);
    const text = await readText(req, limits);
    return typeof text === 'string' ? fieldsIn(text, limits) : text;
  } catch {
    // Broken JSON, or a body with throwing getters.
    return { problem: BAD_JSON };
  }
}

function fieldsIn(given: unknown, { maxBytes, maxFields = MAX_FIELDS }: FormLimits): FormBody {
  const isText = typeof given === 'string' || Buffer.isBuffer(given);
  if (isText && Buffer.byteLength(given) > maxBytes) return { problem: TOO_LARGE };
  const body: unknown = isText ? JSON.parse(given.toString()) : given;
  if (!isObject(body)) return { problem: BAD_JSON };
  const fields = new Map<string, readonly string[]>();
  let count = 0;
  for (const [name, value] of Object.entries(body)) {
    const texts = (Array.isArray(value) ? value : [value]).flatMap(fieldText);
    count += Math.max(1, texts.length);
    if (count > maxFields) return { problem: TOO_MANY_FIELDS };
    if (texts.length > 0) fields.set(name, texts);
  }
  return { fields };
}

function fieldText(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === true) return ['on'];
  if (value === false || value === null || value === undefined) return [];
  return [JSON.stringify(value)];
}
