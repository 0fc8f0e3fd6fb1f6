import { SpecError } from '../errors/spec-error.ts';
import { atOnce, type Steps } from '../runtime/steps.ts';
import { findSyntaxProblem } from './syntax.ts';
import { positionsIn, withoutBom } from './positions.ts';
import { parseExactly } from './parse-exactly.ts';

/** A parsed text. */
export interface ParsedJson {
  readonly data: unknown;
  /** True if an object of the text has a key twice; the last one counts. */
  readonly hasDuplicates: boolean;
}

/** The length of the parts of a list that are parsed at once, in UTF-16 code units: about 0.2 ms. */
const PART_UNITS = 16_384;

/**
 * Parses JSON text in steps, because `JSON.parse` of megabytes would block requests. Ignores a byte order
 * mark at the start.
 *
 * @param origin the path of the file or the name of the source, for the message
 * @throws SpecError `json` with the line and column of the first mistake, and its remedy
 */
export function* parseSteps(text: string, origin: string): Steps<ParsedJson> {
  try {
    return yield* new JsonParts(text).parse();
  } catch (cause) {
    const json = withoutBom(text);
    const problem = findSyntaxProblem(json) ?? { offset: 0, reason: String(cause) };
    throw new SpecError('json', origin, [
      { path: '', ...positionsIn(json)(problem.offset), message: problem.reason },
    ]);
  }
}

/** Parses JSON text at once, like {@link parseSteps}. */
export function parseJson(text: string, origin: string): unknown {
  return atOnce(parseSteps(text, origin)).data;
}

/**
 * Parses the outer lists of a text in parts: the text itself, or the members of its object. The parts
 * between their commas are JSON themselves, so `JSON.parse` reports every mistake in them.
 */
class JsonParts {
  private readonly json: string;
  /** The offset of the next character. */
  private at = 0;
  /** The offset of the next backslash. */
  private backslash = -1;
  /** The number of keys since the last check. */
  private keys = 0;
  private hasEscapedKey = false;
  private hasDuplicates = false;

  constructor(json: string) {
    this.json = json;
  }

  *parse(): Steps<ParsedJson> {
    if (this.json.charCodeAt(0) === BYTE_ORDER_MARK) this.at++;
    this.skipSpace();
    const first = this.json[this.at];
    const data =
      first === '[' ? yield* this.list() : first === '{' ? yield* this.object() : this.value();
    this.skipSpace();
    if (this.at < this.json.length) throw new SyntaxError('more than one value');
    return { data, hasDuplicates: this.hasDuplicates };
  }

  private *object(): Steps<unknown> {
    const { json } = this;
    const members: [string, unknown][] = [];
    this.at++;
    for (;;) {
      this.skipSpace();
      if (json[this.at] === '}' && members.length === 0) break;
      if (json[this.at] !== '"') throw new SyntaxError('no key');
      const start = this.at;
      this.skipString();
      const key = String(JSON.parse(json.slice(start, this.at)));
      this.skipSpace();
      if (json[this.at++] !== ':') throw new SyntaxError('no colon');
      this.skipSpace();
      members.push([key, json[this.at] === '[' ? yield* this.list() : this.value()]);
      this.skipSpace();
      if (json[this.at] === '}') break;
      if (json[this.at++] !== ',') throw new SyntaxError('no comma');
    }
    this.at++;
    const object: object = Object.fromEntries(members);
    this.hasDuplicates ||= Object.keys(object).length < members.length;
    return object;
  }

  private *list(): Steps<unknown[]> {
    const { json } = this;
    const items: unknown[] = [];
    this.at++;
    for (;;) {
      const start = this.at;
      this.skipPart();
      const more = json[this.at] === ',';
      const part = this.parsed(start, this.at, true) as unknown[];
      // An empty list has a single part without items.
      if (part.length === 0 && (more || items.length > 0)) throw new SyntaxError('no item');
      for (const item of part) items.push(item);
      if (!more && json[this.at] !== ']') throw new SyntaxError('no end');
      this.at++;
      if (!more) return items;
      yield;
    }
  }

  private value(): unknown {
    const start = this.at;
    this.skipPart(0);
    return this.parsed(start, this.at, false);
  }

  private parsed(start: number, end: number, inList: boolean): unknown {
    const slice = this.json.slice(start, end);
    const text = inList ? `[${slice}]` : slice;
    const { keys, hasEscapedKey } = this;
    this.keys = 0;
    this.hasEscapedKey = false;
    const data: unknown = JSON.parse(text);
    const exact = hasEscapedKey ? parseExactly(text) : data;
    this.hasDuplicates ||= keys > 0 && countKeys(exact) < keys;
    return exact;
  }

  /**
   * Moves to the first comma after `units`, or to the bracket that closes the list or object. Brackets
   * are counted, not compared: `JSON.parse` reports pairs that don't match.
   */
  private skipPart(units = PART_UNITS): void {
    const { json } = this;
    const enough = this.at + units;
    let depth = 0;
    for (; this.at < json.length; this.at++) {
      switch (json.charCodeAt(this.at)) {
        case QUOTE:
          this.skipString();
          this.at--;
          break;
        case COLON:
          this.keys++;
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          depth++;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          if (depth === 0) return;
          depth--;
          break;
        case COMMA:
          if (depth === 0 && this.at >= enough) return;
          break;
        default:
      }
    }
  }

  /** Moves behind a string, and notes whether it is a key with an escape. */
  private skipString(): void {
    const { json } = this;
    let end = json.indexOf('"', this.at + 1);
    if (this.backslash < this.at) this.backslash = indexOrEnd(json, '\\', this.at);
    if (end < 0 || this.backslash > end) {
      this.at = end < 0 ? json.length : end + 1;
      return;
    }
    for (end = this.at + 1; end < json.length && json.charCodeAt(end) !== QUOTE; end++) {
      if (json.charCodeAt(end) === BACKSLASH) end++;
    }
    this.at = end + 1;
    let next = this.at;
    while (isSpace(json.charCodeAt(next))) next++;
    if (json.charCodeAt(next) === COLON) this.hasEscapedKey = true;
  }

  private skipSpace(): void {
    while (isSpace(this.json.charCodeAt(this.at))) this.at++;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function indexOrEnd(json: string, part: string, from: number): number {
  const at = json.indexOf(part, from);
  return at < 0 ? json.length : at;
}

/** The depth of nesting down to which keys are counted by recursion, which is several times as fast. */
const MAX_RECURSION = 50;

/** Counts the keys of parsed JSON. */
function countKeys(data: unknown, recursion = MAX_RECURSION): number {
  if (typeof data !== 'object' || data === null) return 0;
  if (recursion === 0) return countDeepKeys(data);
  let count = 0;
  if (Array.isArray(data)) {
    for (const item of data) if (typeof item === 'object') count += countKeys(item, recursion - 1);
    return count;
  }
  for (const key in data) {
    // Own keys come first. A polluted `Object.prototype` adds others, whose values may form a cycle.
    if (!Object.hasOwn(data, key)) break;
    count++;
    const value: unknown = data[key as keyof typeof data];
    if (typeof value === 'object') count += countKeys(value, recursion - 1);
  }
  return count;
}

/** Counts keys without recursion, because the depth of JSON is not limited. */
function countDeepKeys(data: object): number {
  let count = 0;
  const waiting: unknown[] = [data];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const members: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += members.length;
    for (const member of members) waiting.push(member);
  }
  return count;
}
