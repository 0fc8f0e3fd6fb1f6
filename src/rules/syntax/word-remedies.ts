import { endTest, memberTest, patternTest, startTest } from './text-remedies.ts';

/** The parts of a rule around a foreign word. */
export interface Around {
  /** The rule before the word, without the space between. */
  readonly before: string;
  /** The rule after the word. */
  readonly after: string;
}

/** The words of the rule language, which are written in lower case. */
const OWN_WORDS = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'for']);

/** Operators of other languages that are words, and those of rules. */
const OPERATORS = new Map([
  ['equals', '=='],
  ['equal', '=='],
  ['eq', '=='],
  ['ne', '!='],
  ['neq', '!='],
  ['gt', '>'],
  ['gte', '>='],
  ['ge', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['le', '<='],
  ['greater', '>'],
  ['less', '<'],
  ['xor', '!='],
  ['mod', '%'],
  ['div', '//'],
]);

const ONE_EXPRESSION = 'write one expression that is True or False';
const CONDITIONAL = 'write: a if test else b';

/** Returns the remedy for a word of another language that stands where an operator should. */
export function wordRemedy(word: string, around: Around): string | undefined {
  const lower = word.toLowerCase();
  if (lower === 'is' || lower === 'not') {
    const phrase = nullTest(lower, around) ?? negated(lower, around);
    if (phrase !== undefined) return phrase;
  }
  if (lower === 'in' && /\bis\s+not$/.test(around.before.slice(-20))) return 'write "not in"';
  if (OWN_WORDS.has(lower)) return word === lower ? undefined : `write "${lower}"`;
  const operator = OPERATORS.get(lower);
  if (operator !== undefined) return `write ${operator}`;
  const left = leftOf(around.before);
  const right = rightOf(around.after);
  switch (lower) {
    case 'between':
      return `write ${betweenTest(left, around.after)}`;
    case 'contains':
    case 'contain':
    case 'includes':
    case 'include':
    case 'has':
      return `write ${memberTest(left, right)}`;
    case 'like':
    case 'ilike':
      return `write ${isNegated(around.before) ? negate(patternTest(left, right)) : patternTest(left, right)}`;
    case 'startswith':
    case 'starts':
    case 'begins':
      return `write ${startTest(left, right)}`;
    case 'endswith':
    case 'ends':
      return `write ${endTest(left, right)}`;
    case 'matches':
    case 'match':
    case 'regexp':
    case 'rlike':
    case 'similar':
      return 'match the text in your contextProvider, and compare the result';
    case 'exists':
    case 'notnull':
      return `write ${left} is not None`;
    case 'isnull':
      return `write ${left} is None`;
    case 'then':
    case 'elif':
      return CONDITIONAL;
    case 'instanceof':
      return 'values have no classes in rules; compare an attribute';
    case 'where':
    case 'from':
    case 'when':
      return ONE_EXPRESSION;
    default:
      return undefined;
  }
}

/** Returns the remedy for a word of another language that stands before a value: `NOT a`, `typeof a`. */
export function prefixRemedy(word: string, around: Around): string | undefined {
  switch (word.toLowerCase()) {
    case 'not':
      return word === 'not' ? undefined : (nullTest('not', around) ?? 'write "not"');
    case 'typeof':
      return 'compare the value itself; nothing is converted in rules';
    case 'new':
      return 'let your contextProvider add the value; rules create only numbers, texts and lists';
    case 'select':
    case 'return':
    case 'let':
    case 'const':
    case 'var':
    case 'case':
      return ONE_EXPRESSION;
    case 'function':
    case 'async':
      return 'rules have no functions; write one expression that is True or False';
    case 'equal':
    case 'greater':
    case 'less':
      return `write ${OPERATORS.get(word.toLowerCase())} instead of the words`;
    default:
      return undefined;
  }
}

/** `IS NULL`, `IS NOT NULL`, `is NOT null` */
function nullTest(word: string, { before, after }: Around): string | undefined {
  const phrase = word === 'is' ? after : `${word}${after}`;
  const isAfter = word === 'is' || /\bis$/i.test(before);
  const [, not, value] = /^\s*(not\s+)?(null|none|undefined|nil)\b/i.exec(phrase) ?? [];
  if (!isAfter || value === undefined) return undefined;
  return `write ${not === undefined ? 'is None' : 'is not None'}`;
}

/** `NOT IN`, `not like`, `NOT BETWEEN` */
function negated(word: string, { before, after }: Around): string | undefined {
  const [, next = ''] = /^\s*(\w+)/.exec(after) ?? [];
  const rest = after.slice(after.indexOf(next) + next.length);
  if (word !== 'not') return undefined;
  const left = leftOf(before);
  switch (next.toLowerCase()) {
    case 'in':
      return 'write "not in"';
    case 'between':
      return `write not ${betweenTest(left, rest)}`;
    case 'like':
    case 'ilike':
      return `write ${negate(patternTest(left, rightOf(rest)))}`;
    case 'contains':
      return `write ${rightOf(rest)} not in ${left}`;
    default:
      return undefined;
  }
}

function isNegated(before: string): boolean {
  return /\bnot$/i.test(before);
}

function negate(test: string): string {
  return test.replace(' == ', ' != ').replace(/^('[^']*'|"[^"]*") in /, '$1 not in ');
}

/** `x BETWEEN 1 AND 5` */
function betweenTest(left: string, after: string): string {
  const shown = after.slice(0, 2 * MAX_SHOWN);
  const [, low = '1', high = '5'] = /^\s*(\S+)\s+and\s+([^\s)]+)/i.exec(shown) ?? [];
  return `${low} <= ${left} <= ${high}`;
}

/** The longest operand, in characters, that a remedy repeats. */
const MAX_SHOWN = 40;

/** Returns the path before a word, as it is written. */
function leftOf(before: string): string {
  const [, path = ''] =
    /([\p{L}\p{N}_.]+(?:\[[^[\]]*\])*)(?:\s+not)?$/iu.exec(before.slice(-2 * MAX_SHOWN)) ?? [];
  return path === '' || path.length > MAX_SHOWN ? 'value' : path;
}

/** Returns the text, number or path after a word, as it is written. */
function rightOf(after: string): string {
  const [, operand = ''] =
    /^\s*(?:with\s+)?\(?\s*('[^']*'|"[^"]*"|[\p{L}\p{N}_.]+)/iu.exec(
      after.slice(0, 2 * MAX_SHOWN),
    ) ?? [];
  return operand === '' || operand.length > MAX_SHOWN ? "'text'" : operand;
}
