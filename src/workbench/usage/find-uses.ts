import type { Token } from './lex-script.ts';

/** A place where code asks for an experiment. */
export interface Use {
  /** What it is asked with: `isVariant`, `requireOn`, the tag or helper `switchon`. */
  readonly call: string;
  /** The experiment's name; undefined where it is computed. */
  readonly name: string | undefined;
  /** The variants that are named with it. */
  readonly variants: readonly string[];
  /** Offset of the name, or of the call where it is computed. */
  readonly start: number;
  /**
   * Whether it can only be a question to Evenhand. `value('x')` can be anybody's; it counts where the
   * file has such an experiment.
   */
  readonly certain: boolean;
}

/** Functions whose names say enough. */
const CERTAIN = new Set([
  'isVariant',
  'isOn',
  'isOff',
  'requireVariant',
  'requireOn',
  'requireOff',
]);

/** Functions of such names are anybody's, unless they are asked of one of {@link OWNERS}. */
const UNCERTAIN = new Set(['variant', 'value', 'explain']);

/** What participants and requests are called. */
const OWNERS = new Set(['req', 'request', 'experiments', 'participant', 'locals']);

/** Functions that take an object with variants by experiment, and which argument it is. */
const BY_NAME = new Map([
  ['overrideExperiment', 1],
  ['fixedExperiments', 0],
]);

/** Helpers whose first string is an experiment's name. */
const NAMING_HELPERS = new Set(['variant', 'switchon', 'switchoff']);

/** The uses in a script's tokens. */
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

/** The uses by tags and helpers in the tokens of one `{{ … }}` or `{% … %}`. */
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

/** The index of the parenthesis that opens the arguments: `isOn(`, `isOn?.(`, `isVariant<'a'>(`. */
function openingAfter(tokens: readonly Token[], i: number): number | undefined {
  let at = i + 1;
  if (tokens[at]?.text === '?' && tokens[at + 1]?.text === '.') at += 2;
  if (isSign(tokens[at], '<')) at = behindTypeArguments(tokens, at);
  return isSign(tokens[at], '(') ? at : undefined;
}

/** What type arguments of names and variants do not hold; a comparison may come to it. */
const NO_TYPES = new Set([';', '(', ')', '{', '}']);

/** Longer type arguments are none. */
const MAX_TYPE_TOKENS = 50;

/** The index behind the type arguments that begin at an index; that index where they are none. */
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
  // No name has a character that must be escaped: what is written so is computed, in a way.
  const isName = first.kind === 'string' && !first.text.includes('\\');
  if (isName && (isSign(second, ',') || isSign(second, ')'))) {
    const variants = call.text.endsWith('ariant')
      ? stringsIn(tokens.slice(open + 3, endOfArgument(tokens, open + 3, end)))
      : [];
    return [{ call: call.text, name: first.text, variants, start: first.start, certain }];
  }
  // A declaration of such a function is no call of it.
  const behind = tokens[end + 1];
  const isDeclaration = isSign(behind, '{') || isSign(behind, ':') || isSign(second, ':');
  if (isDeclaration || !certain) return [];
  return [{ call: call.text, name: undefined, variants: [], start: call.start, certain }];
}

/** The keys of an object that is an argument: `{ headline: 'bold' }`. */
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

/** The strings of one argument: a string, or a list of nothing but strings. */
function stringsIn(argument: readonly Token[]): string[] {
  const others = argument.filter(({ kind, text }) => kind !== 'string' && !'[],'.includes(text));
  // `as const` behind a list changes nothing.
  if (others.some(({ text }) => text !== 'as' && text !== 'const')) return [];
  const texts = argument.filter(({ kind }) => kind === 'string').map(({ text }) => text);
  return texts.filter((text) => !text.includes('\\'));
}

const CLOSING = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** What is between brackets is not looked through further than this: no call has such arguments. */
const MAX_ARGUMENTS = 10_000;

/** The index of what closes the bracket at an index; the last looked at where nothing does. */
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

/** The index of the comma behind an argument that begins at an index, or else `end`. */
function endOfArgument(tokens: readonly Token[], from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const token = tokens[i];
    if (isSign(token, ',')) return i;
    if (token?.kind === 'sign' && CLOSING.has(token.text)) i = closingOf(tokens, i);
  }
  return end;
}
