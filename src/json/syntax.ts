import {
  type Scan,
  scanNumber,
  scanString,
  scanWord,
  type SyntaxProblem,
  wordAt,
} from './scalars.ts';
import { otherFormat } from './other-format.ts';
import { positionsIn } from './positions.ts';
import { quote } from '../errors/show-value.ts';

/**
 * The part that must come next: a `value` at the start or after a colon, an `item` or a `key` after a
 * comma. Instead of a `first` one or of a `comma`, the closing bracket may come.
 */
type Due = 'value' | 'first item' | 'item' | 'first key' | 'key' | 'colon' | 'comma';

/** The state of the reading. */
interface Reader {
  readonly text: string;
  /** Offset of the next character. */
  at: number;
  due: Due;
  /** Offsets of the open brackets, innermost last. A list instead of recursion, so depth is no limit. */
  readonly open: number[];
  /** Offset of the last comma. */
  comma: number;
}

const CLOSER = new Map([
  ['{', '}'],
  ['[', ']'],
]);

/**
 * Finds the first place where a text stops being JSON, with a message that includes the remedy.
 * `JSON.parse` words its errors differently in each version of Node, and often without a position.
 *
 * @param text without a byte order mark
 * @returns undefined if the text is JSON
 */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  const other = otherFormat(text);
  if (other !== undefined) return problem(0, other);
  const reader: Reader = { text, at: 0, due: 'value', open: [], comma: -1 };
  for (;;) {
    reader.at = skipSpace(text, reader.at);
    if (reader.at === text.length) return problemAtEnd(reader);
    const scan = step(reader, text.charAt(reader.at));
    if (typeof scan !== 'number') return scan;
    reader.at = scan;
  }
}

function step(reader: Reader, character: string): Scan {
  const general = generalReason(reader.text, reader.at);
  if (general !== undefined) return { offset: reader.at, reason: general };
  if (reader.due === 'colon') return readColon(reader, character);
  if (reader.due === 'comma') return readComma(reader, character);
  if (character === ']' || character === '}') return close(reader, character);
  return reader.due === 'key' || reader.due === 'first key'
    ? readKey(reader, character)
    : readValue(reader, character);
}

function readValue(reader: Reader, character: string): Scan {
  const { text, at, open } = reader;
  reader.due = 'comma';
  if (character === '{' || character === '[') {
    open.push(at);
    reader.due = character === '{' ? 'first key' : 'first item';
    return at + 1;
  }
  if (character === '"') return scanString(text, at);
  if (/[-+.\d]/.test(character)) return scanNumber(text, at);
  if (wordAt(text, at) !== '') return scanWord(text, at);
  if (character === ',') return problem(at, 'a value is missing before this comma');
  return problem(at, `expected a value, not ${show(text, at)}`);
}

function readKey(reader: Reader, character: string): Scan {
  const { text, at } = reader;
  reader.due = 'colon';
  if (character === '"') return scanString(text, at);
  const word = wordAt(text, at);
  if (word !== '') return problem(at, `a property name needs double quotes: ${quote(word)}`);
  if (character === ',') return problem(at, 'a property is missing before this comma');
  return problem(at, `expected a property name in double quotes, not ${show(text, at)}`);
}

function readColon(reader: Reader, character: string): Scan {
  const { text, at } = reader;
  reader.due = 'value';
  if (character === ':') return at + 1;
  if (character === '=') return problem(at, 'write a colon between name and value, not "="');
  return problem(at, `expected a colon after the property name, not ${show(text, at)}`);
}

function readComma(reader: Reader, character: string): Scan {
  const { text, at, open } = reader;
  if (character === ']' || character === '}') return close(reader, character);
  const bracket = innermost(reader);
  if (bracket === '') {
    const remedy = /["{[]/.test(character)
      ? 'put several values into one list: [ …, … ]'
      : 'remove it';
    return problem(at, `the document ends before ${show(text, at)}; ${remedy}`);
  }
  if (character === ',') {
    reader.comma = at;
    reader.due = bracket === '{' ? 'key' : 'item';
    return at + 1;
  }
  if (character === ':' && bracket === '[') {
    const { line, column } = positionsIn(text)(open.at(-1) ?? 0);
    return problem(
      at,
      `a list can't hold named properties; write { instead of the [ at line ${line}, column ${column}, and } at its end`,
    );
  }
  if (character === ';') return problem(at, 'write a comma between values, not ";"');
  const quoted = afterQuote(text, at);
  if (quoted !== undefined) {
    return problem(
      at,
      `the text ends at the quote before ${quote(quoted)}; inside a text, write single quotes: '${quoted}'`,
    );
  }
  if (/["{[\-.\d]/.test(character) || wordAt(text, at) !== '') {
    return problem(at, 'a comma is missing before this');
  }
  return problem(at, `expected a comma or ${CLOSER.get(bracket)}, not ${show(text, at)}`);
}

/** Returns the quoted word after a text that its quote has closed: `"plan == "pro""`. */
function afterQuote(text: string, at: number): string | undefined {
  if (text.charAt(at - 1) !== '"') return undefined;
  QUOTED.lastIndex = at;
  return QUOTED.exec(text)?.[0];
}

/** The rest of a word in quotes. */
const QUOTED = /[\p{L}\p{N}_@/.][^"'\\\p{C}]{0,40}(?=")/uy;

function close(reader: Reader, character: ']' | '}'): Scan {
  const { text, at, due, open, comma } = reader;
  const start = open.at(-1);
  const bracket = innermost(reader);
  if (start === undefined) {
    return due === 'comma'
      ? problem(at, `the document ends before this ${character}; remove it`)
      : problem(at, `this ${character} has no matching opening bracket`);
  }
  if (due === 'value') {
    return problem(at, `expected a value after the colon, not ${character}`);
  }
  if (CLOSER.get(bracket) !== character) {
    const { line, column } = positionsIn(text)(start);
    return problem(
      at,
      `this ${character} does not match the ${bracket} at line ${line}, column ${column}; a ${CLOSER.get(bracket)} is missing before it`,
    );
  }
  if (due === 'item' || due === 'key') {
    return problem(comma, `remove the trailing comma before the closing ${character}`);
  }
  open.pop();
  reader.due = 'comma';
  return at + 1;
}

function problemAtEnd(reader: Reader): SyntaxProblem | undefined {
  const { text, at, due, open } = reader;
  const start = open.at(-1);
  if (start === undefined) {
    return due === 'comma'
      ? undefined
      : { offset: 0, reason: 'the text is empty; write [] for an empty list' };
  }
  const bracket = innermost(reader);
  const { line, column } = positionsIn(text)(start);
  return problem(
    at,
    `the text ends too early: the ${bracket} at line ${line}, column ${column} is not closed; add a ${CLOSER.get(bracket)}`,
  );
}

/** Returns the reason for text that is wrong anywhere, such as a comment. */
function generalReason(text: string, at: number): string | undefined {
  const character = text.charAt(at);
  if (character === '#' || /^\/[/*]/.test(text.slice(at, at + 2))) {
    return 'JSON has no comments: remove it, or use a "description"';
  }
  if ("'`‘’“”„«»".includes(character)) {
    return `use straight double quotes ("), not ${character}`;
  }
  if (/^(?:<{7}|>{7}|={7})/.test(text.slice(at, at + 7))) {
    return 'unresolved merge conflict: choose one side and remove the markers';
  }
  return undefined;
}

function innermost({ text, open }: Reader): string {
  return text.charAt(open.at(-1) ?? text.length);
}

/** Returns the character at an offset for a message; an invisible one as its number. */
function show(text: string, at: number): string {
  const point = text.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(point);
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
    ? quote(character)
    : `the character U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

function problem(offset: number, reason: string): SyntaxProblem {
  return { offset, reason };
}
