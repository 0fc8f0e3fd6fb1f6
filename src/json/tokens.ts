/** A part of JSON text: a bracket, a key, or a literal that is not a key. Commas and colons are left out. */
export interface Token {
  readonly kind: '{' | '}' | '[' | ']' | 'key' | 'string' | 'scalar';
  /** The offset of its first character. */
  readonly start: number;
  /** The offset after its last character. */
  readonly end: number;
}

/**
 * Lists the tokens of a text.
 *
 * @param json valid JSON without a byte order mark; for any other text, the tokens mean nothing
 */
export function* tokensOf(json: string): Generator<Token, void, undefined> {
  for (let start = 0; start < json.length;) {
    const character = json.charAt(start);
    if (' \t\r\n,:'.includes(character)) {
      start++;
      continue;
    }
    const end = endOf(json, start, character);
    yield { kind: kindOf(json, character, end), start, end };
    start = end;
  }
}

function endOf(json: string, start: number, character: string): number {
  if ('{}[]'.includes(character)) return start + 1;
  let end = start + 1;
  if (character === '"') {
    for (; end < json.length && json[end] !== '"'; end++) if (json[end] === '\\') end++;
    return end + 1;
  }
  while (end < json.length && !' \t\r\n,:{}[]"'.includes(json.charAt(end))) end++;
  return end;
}

function kindOf(json: string, character: string, end: number): Token['kind'] {
  if (character === '{' || character === '}' || character === '[' || character === ']') {
    return character;
  }
  if (character !== '"') return 'scalar';
  let next = end;
  while (next < json.length && ' \t\r\n'.includes(json.charAt(next))) next++;
  return json[next] === ':' ? 'key' : 'string';
}
