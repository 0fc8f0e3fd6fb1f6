/** Decisions about the spelling of a rule: numbers from a generator. Without more of them, all is plain. */
export class Choices {
  private readonly numbers: readonly number[];
  private next = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  /** Returns one of the options, the first if nothing else has been chosen. */
  among<T>(options: readonly [T, ...T[]]): T;
  among(options: readonly string[]): string;
  among<T>(options: readonly T[]): T | undefined {
    const number = this.numbers[this.next++] ?? 0;
    return options[number % options.length];
  }

  /** True in a few cases. */
  seldom(): boolean {
    return (this.numbers[this.next++] ?? 0) % 16 === 15;
  }
}

/** Writes a number in one of Python's spellings. */
export function writeNumber(value: number | bigint, choices: Choices): string {
  if (Number.isNaN(value)) return '(1e999 - 1e999)';
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (value < 0 || Object.is(value, -0)) return `-${writeNumber(-value, choices)}`;
  const plain = String(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return writeFloat(plain, choices);
  const digits = plain.includes('e') ? BigInt(value).toString() : plain;
  const radix = (prefix: string, base: number) => prefix + BigInt(value).toString(base);
  const spellings = [
    ...Array.from({ length: 12 }, () => digits),
    digits.replaceAll(/(?<=\d)(?=(\d{3})+$)/g, '_'),
    radix('0x', 16),
    radix('0X_', 16).toUpperCase().replace('0X', '0x'),
    radix('0o', 8),
    radix('0B', 2),
    value === 0 ? '0_0' : digits,
    `${digits}.0`,
    `${digits}.`,
    `${digits}e0`,
  ];
  return choices.among(spellings);
}

function writeFloat(plain: string, choices: Choices): string {
  const pointless = plain.replace(/^0\./, '.');
  const exponent = plain.includes('e') ? plain : `${plain}E+0_0`;
  return choices.among([plain, plain, plain, pointless, exponent]);
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const hex = (code: number, width: number) => code.toString(16).padStart(width, '0');

/** Writes a string in one of Python's spellings: quotes, prefixes, escapes, several adjacent parts. */
export function writeString(text: string, choices: Choices): string {
  const characters = Array.from(text);
  if (characters.length > 1 && choices.seldom()) {
    const middle = Math.floor(characters.length / 2);
    const parts = [characters.slice(0, middle), characters.slice(middle)];
    return parts.map((part) => writePart(part, choices)).join(choices.among([' ', '']));
  }
  return writePart(characters, choices);
}

function writePart(characters: readonly string[], choices: Choices): string {
  const quote = choices.among(["'", "'", "'", '"', '"', "'''", '"""']);
  const prefix = choices.among(['', '', '', '', '', '', 'u', 'U', 'r', 'R']);
  const text = characters.join('');
  const isRaw = prefix.toLowerCase() === 'r';
  if (isRaw && !/[\\'"\n\r\ud800-\udfff]/.test(text)) return prefix + quote + text + quote;
  const escaped = characters.map((character) => writeCharacter(character, choices)).join('');
  const breaks = choices.among(['\\n', '\n', '\r\n', '\r']);
  const body = quote.length === 3 ? escaped.replaceAll('\\n', breaks) : escaped;
  return (isRaw ? '' : prefix) + quote + body + quote;
}

function writeCharacter(character: string, choices: Choices): string {
  const code = character.codePointAt(0) ?? 0;
  const simple = SIMPLE[character];
  // A plain half of a character can't be encoded in UTF-8, and a control character would be invisible.
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  const plain = simple ?? (isHalf || code < 32 ? `\\u${hex(code, 4)}` : character);
  const escapes = [
    ...(code < 0x100 ? [`\\x${hex(code, 2)}`, `\\${code.toString(8).padStart(3, '0')}`] : []),
    ...(code < 0x200 ? [`\\${code.toString(8).padStart(3, '0')}`] : []),
    ...(code < 0x10000 ? [`\\u${hex(code, 4).toUpperCase()}`] : []),
    `\\U${hex(code, 8)}`,
    // A backslash before a line break inside a string leaves both out.
    `${plain}\\\n`,
  ];
  return choices.among([false, false, false, true]) ? choices.among(escapes) : plain;
}
