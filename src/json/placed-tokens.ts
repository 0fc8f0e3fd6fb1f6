import { pointerTo } from './pointer.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A token with its place in the document. */
export interface PlacedToken extends Token {
  /** Returns the JSON Pointer to the value that the token begins, ends or names. */
  readonly path: () => string;
}

/** A list or an object that is not closed yet. */
interface Container {
  readonly isList: boolean;
  /** The key or the index of the current value. */
  key: string | number;
}

/**
 * Lists the tokens of a text with their places.
 *
 * @param json valid JSON without a byte order mark
 */
export function* placedTokens(json: string): Generator<PlacedToken, void, undefined> {
  const open: Container[] = [];
  const path = (): string => open.reduce((outer, { key }) => pointerTo(outer, key), '');
  for (const token of tokensOf(json)) {
    const { kind, start, end } = token;
    if (kind === '}' || kind === ']') open.pop();
    const container = open.at(-1);
    if (container?.isList === true && kind !== '}' && kind !== ']') {
      container.key = Number(container.key) + 1;
    } else if (kind === 'key' && container !== undefined) {
      container.key = String(JSON.parse(json.slice(start, end)));
    }
    yield { kind, start, end, path };
    if (kind === '{' || kind === '[') open.push({ isList: kind === '[', key: -1 });
  }
}
