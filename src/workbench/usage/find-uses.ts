import type { Token } from './lex-script.ts';

/** A place where code uses an experiment. */
export interface Use {
  /** The function, tag or helper: `isVariant`, `requireOn`, `switchon`. */
  readonly call: string;
  /** The experiment's name; undefined if it is computed. */
  readonly name: string | undefined;
  /** The variants that the call names. */
  readonly variants: readonly string[];
  /** Offset of the name, or of the call if the name is computed. */
  readonly start: number;
  /**
   * True if the call can only be Evenhand's. `value('x')` may belong to other code; it counts only if the
   * file has an experiment of that name.
   */
  readonly certain: boolean;
}

/** Functions that can only be Evenhand's. */
const CERTAIN = new Set([
  'isVariant',
  'isOn',
  'isOff',
  'requireVariant',
  'requireOn',
  'requireOff',
]);

/** Functions that may belong to other code, unless they are called on one of {@link OWNERS}. */
const UNCERTAIN = new Set(['variant', 'value', 'explain']);

/** The usual names of participants and requests. */
const OWNERS = new Set(['req', 'request', 'experiments', 'participant', 'locals']);

/** Functions that take an object with variants by experiment, with the position of that argument. */
const BY_NAME = new Map([
  ['overrideExperiment', 1],
  ['fixedExperiments', 0],
]);

/** Helpers whose first string is an experiment's name. */
const NAMING_HELPERS = new Set(['variant', 'switchon', 'switchoff']);

/** Finds the uses in a script's tokens. */
export function findUses(tokens: readonly Token[]): Use[] {
  return tokens.flatMap(({ kind, text }, i) => {
    if (kind !== 'word' || tokens[i - 1]?.text === 'function') return [];
    const open = openingAfter(tokens, i);
    if (open === undefined) return [];
    if (CERTAIN.has(text) || UNCERTAIN.has(text)) return useAt(tokens, i, open);
    const position = BY_NAME.get(text);
    return position === undefined ? [] : keysAt(tokens, i, open, position);
  });
}

/** Finds the uses by tags and helpers in the tokens of one `{{ … }}` or `{% … %}`. */
export function findHelpers(tokens: readonly Token[]): Use[] {
  return tokens.flatMap(({ kind, text }, i) => {
    const first = tokens[i + 1];
    if (kind !== 'word' || !NAMING_HELPERS.has(text) || first?.kind !== 'string') return [];
    const variants: string[] = [];
    for (let j = i + 2; j < tokens.length; j++) {
      const token = tokens[j];
      if (token?.kind === 'string') variants.push(token.text);
      else if (token?.text !== ',') break;
    }
    const use = { call: text, name: first.text, start: first.start, certain: true };
    return [{ ...use, variants: text === 'variant' ? variants : [] }];
  });
}

/** Returns the index of the parenthesis before the arguments: `isOn(`, `isOn?.(`, `isVariant<'a'>(`. */
function openingAfter(tokens: readonly Token[], i: number): number | undefined {
  let at = i + 1;
  if (tokens[at]?.text === '?' && tokens[at + 1]?.text === '.') at += 2;
  if (isSign(tokens[at], '<')) at = behindTypeArguments(tokens, at);
  return isSign(tokens[at], '(') ? at : undefined;
}

/** Signs that never occur in type arguments of names and variants, so a `<` before them compares. */
const NO_TYPES = new Set([';', '(', ')', '{', '}']);

/** The most tokens of type arguments; a longer text after `<` is a comparison. */
const MAX_TYPE_TOKENS = 50;

/** Returns the index after the type arguments at an index; the index itself if there are none. */
function behindTypeArguments(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < start + MAX_TYPE_TOKENS; i++) {
    const token = tokens[i];
    if (token === undefined || (token.kind === 'sign' && NO_TYPES.has(token.text))) break;
    if (isSign(token, '<')) depth++;
    if (isSign(token, '>') && --depth === 0) return i + 1;
  }
  return start;
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

function useAt(tokens: readonly Token[], i: number, open: number): Use[] {
  const call = tokens[i];
  const first = tokens[open + 1];
  if (call === undefined || first === undefined || isSign(first, ')')) return [];
  const owner = isSign(tokens[i - 1], '.') ? tokens[i - 2]?.text : undefined;
  const certain = CERTAIN.has(call.text) || (owner !== undefined && OWNERS.has(owner));
  const end = closingOf(tokens, open);
  const second = tokens[open + 2];
  // Names contain no character that needs a backslash, so an escaped text counts as computed.
  const isName = first.kind === 'string' && !first.text.includes('\\');
  if (isName && (isSign(second, ',') || isSign(second, ')'))) {
    const variants = call.text.endsWith('ariant')
      ? stringsIn(tokens.slice(open + 3, endOfArgument(tokens, open + 3, end)))
      : [];
    return [{ call: call.text, name: first.text, variants, start: first.start, certain }];
  }
  // Declarations of functions with these names are not calls.
  const behind = tokens[end + 1];
  const isDeclaration = isSign(behind, '{') || isSign(behind, ':') || isSign(second, ':');
  if (isDeclaration || !certain) return [];
  return [{ call: call.text, name: undefined, variants: [], start: call.start, certain }];
}

/** Finds the uses in the keys of an object argument: `{ headline: 'bold' }`. */
function keysAt(tokens: readonly Token[], i: number, open: number, position: number): Use[] {
  const call = tokens[i];
  const end = closingOf(tokens, open);
  let at = open + 1;
  for (let skipped = 0; skipped < position; skipped++) at = endOfArgument(tokens, at, end) + 1;
  if (call === undefined || at >= end) return [];
  const dynamic = {
    call: call.text,
    name: undefined,
    variants: [],
    start: call.start,
    certain: true,
  };
  if (!isSign(tokens[at], '{')) return [dynamic];
  const uses: Use[] = [];
  const close = closingOf(tokens, at);
  for (let from = at + 1; from < close;) {
    const to = endOfArgument(tokens, from, close);
    const key = tokens[from];
    if (key !== undefined && key.kind !== 'sign' && isSign(tokens[from + 1], ':')) {
      const variants = to === from + 3 ? stringsIn(tokens.slice(from + 2, to)) : [];
      uses.push({ call: call.text, name: key.text, variants, start: key.start, certain: true });
    } else uses.push(dynamic);
    from = to + 1;
  }
  return uses;
}

/** Returns the strings of an argument that is a string or a list of strings. */
function stringsIn(argument: readonly Token[]): string[] {
  const others = argument.filter(({ kind, text }) => kind !== 'string' && !'[],'.includes(text));
  // `as const` after a list is allowed.
  if (others.some(({ text }) => text !== 'as' && text !== 'const')) return [];
  const texts = argument.filter(({ kind }) => kind === 'string').map(({ text }) => text);
  return texts.filter((text) => !text.includes('\\'));
}

const CLOSING = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** The most tokens between brackets that are searched; real arguments are shorter. */
const MAX_ARGUMENTS = 10_000;

/** Returns the index of the closing bracket; the end of the search if there is none. */
function closingOf(tokens: readonly Token[], open: number): number {
  const end = Math.min(tokens.length, open + MAX_ARGUMENTS);
  let depth = 0;
  for (let i = open; i < end; i++) {
    const token = tokens[i];
    if (token?.kind !== 'sign') continue;
    if (CLOSING.has(token.text)) depth++;
    else if (')]}'.includes(token.text) && --depth === 0) return i;
  }
  return end;
}

/** Returns the index of the comma after the argument at an index, or `end`. */
function endOfArgument(tokens: readonly Token[], from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const token = tokens[i];
    if (isSign(token, ',')) return i;
    if (token?.kind === 'sign' && CLOSING.has(token.text)) i = closingOf(tokens, i);
  }
  return end;
}
