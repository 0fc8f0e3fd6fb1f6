import {
  type Scan,
  scanNumber,
  scanString,
  scanWord,
  type SyntaxProblem,
  wordAt,
} from './scalars.ts';
import { positionsIn } from './positions.ts';
import { quote } from '../errors/show-value.ts';

/**
 * What must come next: a `value` at the start or after a colon, an `item` or a `key` after a comma;
 * in place of a `first` one, the closing bracket may come, and in place of a `comma` too.
 */
type Due = 'value' | 'first item' | 'item' | 'first key' | 'key' | 'colon' | 'comma';

/** How far the reading is. */
interface Reader {
  readonly text: string;
  /** Offset of the next character. */
  at: number;
  due: Due;
  /** Offsets of the brackets that are open, the innermost last; a list, so that depth costs no stack. */
  readonly open: number[];
  /** Offset of the last comma. */
  comma: number;
}

const CLOSER = new Map([
  ['{', '}'],
  ['[', ']'],
]);

/**
 * The first place where a text stops being JSON, with a reason that says what to do.
 * `JSON.parse` tells whether there is one; this tells where, in the same words on every Node.
 *
 * @param text without a byte order mark
 * @returns undefined where the text is JSON
 */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
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
  return problem(at, `a value should stand here, not ${show(text, at)}`);
}

function readKey(reader: Reader, character: string): Scan {
  const { text, at } = reader;
  reader.due = 'colon';
  if (character === '"') return scanString(text, at);
  const word = wordAt(text, at);
  if (word !== '') return problem(at, `a property's name needs double quotes: ${quote(word)}`);
  if (character === ',') return problem(at, 'a property is missing before this comma');
  return problem(at, `a property's name in double quotes should stand here, not ${show(text, at)}`);
}

function readColon(reader: Reader, character: string): Scan {
  const { text, at } = reader;
  reader.due = 'value';
  if (character === ':') return at + 1;
  if (character === '=') return problem(at, 'a colon stands between name and value, not "="');
  return problem(at, `a colon must follow the property's name, not ${show(text, at)}`);
}

function readComma(reader: Reader, character: string): Scan {
  const { text, at, open } = reader;
  if (character === ']' || character === '}') return close(reader, character);
  const bracket = innermost(reader);
  if (bracket === '') {
    return problem(at, `the document ended before this; nothing may follow, not ${show(text, at)}`);
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
      `a list has no names: properties stand between { and }, but line ${line}, column ${column} opens a list`,
    );
  }
  if (character === ';') return problem(at, 'a comma stands between values, not ";"');
  if (/["{[\-.\d]/.test(character) || wordAt(text, at) !== '') {
    return problem(at, 'a comma is missing before this');
  }
  return problem(at, `a comma or ${CLOSER.get(bracket)} should stand here, not ${show(text, at)}`);
}

function close(reader: Reader, character: ']' | '}'): Scan {
  const { text, at, due, open, comma } = reader;
  const start = open.at(-1);
  const bracket = innermost(reader);
  if (start === undefined) {
    return due === 'comma'
      ? problem(at, `one ${character} too many: the document ended before it`)
      : problem(at, `this ${character} closes nothing`);
  }
  if (due === 'value') {
    return problem(at, `a value must follow the colon, not ${character}`);
  }
  if (CLOSER.get(bracket) !== character) {
    const { line, column } = positionsIn(text)(start);
    return problem(
      at,
      `this ${character} can't close the ${bracket} of line ${line}, column ${column}: a ${CLOSER.get(bracket)} is missing before it`,
    );
  }
  if (due === 'item' || due === 'key') {
    return problem(comma, `a trailing comma: remove it before the closing ${character}`);
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
      : { offset: 0, reason: 'the text is empty; [] is a list of nothing' };
  }
  const bracket = innermost(reader);
  const { line, column } = positionsIn(text)(start);
  return problem(
    at,
    `the text ends too early: the ${bracket} of line ${line}, column ${column} is not closed by a ${CLOSER.get(bracket)}`,
  );
}

/** What is wrong wherever it stands. */
function generalReason(text: string, at: number): string | undefined {
  const character = text.charAt(at);
  if (character === '#' || /^\/[/*]/.test(text.slice(at, at + 2))) {
    return 'JSON has no comments: remove it, or use a "description"';
  }
  if ("'`‘’“”„«»".includes(character)) {
    return `use straight double quotes ("), not ${character}`;
  }
  if (/^(?:<{7}|>{7}|={7})/.test(text.slice(at, at + 7))) {
    return 'an unsolved merge conflict: choose one side and remove the markers';
  }
  return undefined;
}

function innermost({ text, open }: Reader): string {
  return text.charAt(open.at(-1) ?? text.length);
}

/** The character at an offset; by its number where it can't be seen. */
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
