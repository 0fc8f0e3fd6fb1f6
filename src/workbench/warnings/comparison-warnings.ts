import { quote } from '../../errors/show-value.ts';
import { convertCase } from '../../rules/letter-case.ts';
import type { LiteralNode, LogicalNode, NameNode, RuleNode } from '../../rules/syntax/nodes.ts';
import { pathKey, segmentOf, typeOfPath } from '../../rules/types/paths.ts';
import type { ContextType } from '../../rules/types/types.ts';
import type { CompareOperator } from '../../rules/values/operator-names.ts';
import { NOW } from '../../specification/reserved-names.ts';
import { orderAdvice } from './text-order.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';
import { type ParsedRule, rulesOf, visitedIn, warningAbout } from './rule-nodes.ts';

/** One comparison of a chain. */
interface Pair {
  readonly left: RuleNode;
  readonly operator: CompareOperator;
  readonly right: RuleNode;
}

/**
 * Finds comparisons that are valid and do something else than they seem to: words without quotes, `in`
 * with a text, versions and dates compared as texts, texts without a comma between them.
 */
export function comparisonWarnings(entries: readonly Entry[], around: Circumstances): Warning[] {
  const rules = rulesOf(entries, around);
  const known = new Set([
    'user',
    'anonymous',
    NOW,
    ...(around.declared ?? []),
    ...rules.flatMap(valuesIn),
  ]);
  return rules.flatMap((rule) => [
    ...new Map(inRule(rule, known, around).map((warning) => [warning.message, warning])).values(),
  ]);
}

function inRule(
  rule: ParsedRule,
  known: ReadonlySet<string>,
  { declared, context }: Circumstances,
): Warning[] {
  return visitedIn(rule.node).flatMap(({ node, locals }): Warning[] => {
    const isKnown = ({ name }: NameNode) => known.has(name) || locals.has(name);
    const isLocal = (one: RuleNode) => locals.has((pathKey(one) ?? '').split('\u0000', 1)[0] ?? '');
    switch (node.kind) {
      case 'compare':
        return pairsOf(node).flatMap((pair) => [
          ...unquotedWords(rule, pair, isKnown),
          ...(isLocal(pair.left) ? [] : inText(rule, pair)),
          ...textOrder(rule, pair, isLocal(pair.left) ? undefined : context),
          ...(declared === undefined ? letterCase(rule, pair) : []),
        ]);
      case 'and':
      case 'or':
        return textConditions(rule, node);
      case 'list':
      case 'tuple':
      case 'set':
        return node.items.flatMap((item) => joinedTexts(rule, item));
      default:
        return [];
    }
  });
}

function pairsOf(node: RuleNode): Pair[] {
  if (node.kind !== 'compare') return [];
  return node.rest.map(({ operator, operand }, i) => ({
    left: i === 0 ? node.first : (node.rest[i - 1]?.operand ?? node.first),
    operator,
    right: operand,
  }));
}

/**
 * Returns the names that a rule uses as values: those that have attributes, are compared with literals
 * or are conditions. A word without its quotes is only compared with paths.
 */
function valuesIn({ node: whole }: ParsedRule): string[] {
  const words = new Set<RuleNode>();
  const visited = visitedIn(whole);
  for (const { node } of visited) {
    for (const pair of pairsOf(node)) for (const word of wordsIn(pair)) words.add(word);
  }
  return visited.flatMap(({ node }) => (node.kind === 'name' && !words.has(node) ? node.name : []));
}

/** Returns the names of a comparison that may be words without quotes, the likelier first. */
function wordsIn({ left, operator, right }: Pair): NameNode[] {
  if (operator === 'in' || operator === 'not in') {
    const items = 'items' in right && pathKey(left) !== undefined ? right.items : [];
    return items.filter((item) => item.kind === 'name');
  }
  if (operator !== '==' && operator !== '!=') return [];
  return [
    ...(right.kind === 'name' && isPathLike(left) && !resemble(right, left) ? [right] : []),
    ...(left.kind === 'name' && segmentOf(right) !== undefined && !resemble(left, right)
      ? [left]
      : []),
  ];
}

function isPathLike(node: RuleNode): boolean {
  return pathKey(node) !== undefined || node.kind === 'index';
}

/** Returns true for values that are compared with each other on purpose: `user.country == country`. */
function resemble({ name }: NameNode, other: RuleNode): boolean {
  const last = (other.kind === 'name' ? other.name : segmentOf(other)?.name)?.toLowerCase();
  const word = name.toLowerCase();
  if (last === undefined) return false;
  return last.includes(word) || word.includes(last);
}

function unquotedWords(
  rule: ParsedRule,
  pair: Pair,
  isKnown: (node: NameNode) => boolean,
): Warning[] {
  const all = wordsIn(pair).filter((word) => !isKnown(word));
  const words = 'items' in pair.right ? all : all.slice(0, 1);
  const [first] = words;
  if (first === undefined) return [];
  const names = words.map(({ name }) => name);
  const [is, written] =
    words.length === 1
      ? ['is a name of the context here, not a text', `'${first.name}'`]
      : [
          'are names of the context here, not texts',
          shorten(names.map((name) => `'${name}'`)).join(', '),
        ];
  const [it, provided] = words.length === 1 ? ['a value', 'it'] : ['values', 'them'];
  const reason =
    `${shorten(names.map(quote)).join(', ')} ${is}; put quotes around ${provided}: ${written}. If your ` +
    `application provides ${it} with this name, declare ${provided} in "context"`;
  return [warningAbout(rule, first, 'unquoted-word', reason)];
}

/** Warns about `country in ("CA")`, which is true for every part of the text. */
function inText(rule: ParsedRule, { left, operator, right }: Pair): Warning[] {
  if ((operator !== 'in' && operator !== 'not in') || pathKey(left) === undefined) return [];
  if (!isText(right) || right.value === '') return [];
  const [start = ''] = right.value;
  const reason =
    `"${operator}" looks for a part of a text here, so ${quote(start)} and "" count as well as ` +
    `${quote(right.value)}; to look for a whole value, write ${operator} [${partsOf(rule.source, right).join(', ')}]`;
  return [warningAbout(rule, right, 'in-text', reason)];
}

/** Returns the values that a text with several of them lists, in its own quotes. */
function partsOf(source: string, text: LiteralNode & { value: string }): string[] {
  const written = source.slice(text.start, text.end);
  const texts = textsIn(written);
  const mark = written.endsWith('"') ? '"' : "'";
  const parts = text.value.split(/\s*[,;|]\s*|\s+/).map((part) => `${mark}${part}${mark}`);
  return shorten(texts.length > 1 ? texts : parts);
}

/** Warns about `country.lower == "CA"`, which is never true. The types of a declared context tell as well. */
function letterCase(rule: ParsedRule, { left, operator, right }: Pair): Warning[] {
  if (!['==', '!=', 'in', 'not in'].includes(operator)) return [];
  return [
    [left, right],
    [right, left],
  ].flatMap(([converted, other]) => {
    const to = converted && caseOf(converted);
    if (to === undefined || other === undefined) return [];
    const texts = 'items' in other ? other.items : operator.endsWith('in') ? [] : [other];
    return texts.flatMap((text): Warning[] => {
      if (!isText(text) || convertCase(text.value, to) === text.value) return [];
      const reason = `a text in ${to} case never equals ${quote(text.value)}; write ${quote(convertCase(text.value, to))}. If the value is an object with its own ${quote(to)}, declare it in "context"`;
      return [warningAbout(rule, text, 'rule-doubtful', reason)];
    });
  });
}

/** Returns the case of `country.lower`, or of a part of it. */
function caseOf(node: RuleNode): 'lower' | 'upper' | undefined {
  if (node.kind === 'slice') return caseOf(node.object);
  if (node.kind !== 'attribute') return undefined;
  return node.name === 'lower' || node.name === 'upper' ? node.name : undefined;
}

/** Warns about versions and dates that are compared character by character. */
function textOrder(
  rule: ParsedRule,
  { left, operator, right }: Pair,
  context: ContextType | undefined,
): Warning[] {
  if (!['<', '<=', '>', '>='].includes(operator)) return [];
  const [text, other] = isText(right) ? [right, left] : [left, right];
  if (!isText(text) || other.kind === 'literal') return [];
  const kinds = kindsOf(other, context);
  // A value that is declared as another type is not a text, and its types are checked.
  if (!kinds.has('string') && !kinds.has('any')) return [];
  const written = rule.source.slice(other.start, other.end);
  const advice = orderAdvice(text.value, written, !kinds.has('any'));
  if (advice === undefined) return [];
  const reason = `"${operator}" compares texts character by character, so "9" is greater than "10"; ${advice}`;
  return [warningAbout(rule, text, 'text-order', reason)];
}

/** Returns the kinds of value that a path may have; `any` for what is not known. */
function kindsOf(node: RuleNode, context: ContextType | undefined): ReadonlySet<string> {
  if (context === undefined || pathKey(node) === undefined) return ANY_KIND;
  const around = { context, locals: new Map(), facts: new Map() };
  const kinds = typeOfPath(node, around).flatMap((one) =>
    one.kind === 'none' && one.absent ? [] : one.kind,
  );
  return kinds.length === 0 ? ANY_KIND : new Set(kinds);
}

const ANY_KIND: ReadonlySet<string> = new Set(['any']);

/** Warns about `plan == 'pro' or 'team'`, whose second part is always true. */
function textConditions(rule: ParsedRule, { operands }: LogicalNode): Warning[] {
  return operands.flatMap((operand, i): Warning[] => {
    if (!isText(operand)) return [];
    const before = operands[i - 1];
    const [pair] = before === undefined ? [] : pairsOf(before);
    const written = (node: RuleNode) => rule.source.slice(node.start, node.end);
    const remedy =
      pair !== undefined && isText(pair.right) && ['==', '!='].includes(pair.operator)
        ? `write ${written(pair.left)} ${pair.operator === '==' ? 'in' : 'not in'} [${written(pair.right)}, ${written(operand)}]`
        : 'compare it with a value';
    const reason = `the text ${quote(operand.value)} alone is not a comparison and is always ${operand.value === '' ? 'false' : 'true'}; ${remedy}`;
    return [warningAbout(rule, operand, 'rule-doubtful', reason)];
  });
}

/** Warns about `["CA" "US"]`, which has one item. */
function joinedTexts(rule: ParsedRule, item: RuleNode): Warning[] {
  const texts = isText(item) ? textsIn(rule.source.slice(item.start, item.end)) : [];
  if (texts.length < 2) return [];
  const reason = `texts directly after each other are joined to one text; put a comma between them: ${shorten(texts).join(', ')}`;
  return [warningAbout(rule, item, 'rule-doubtful', reason)];
}

/** The most values that a remedy lists, and the most characters of each. */
const MAX_LISTED = 5;
const MAX_SHOWN = 40;

function shorten(texts: readonly string[]): string[] {
  const shown = texts
    .slice(0, MAX_LISTED)
    .map((text) => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text));
  return texts.length > MAX_LISTED ? [...shown, '…'] : shown;
}

function isText(node: RuleNode): node is LiteralNode & { value: string } {
  return node.kind === 'literal' && typeof node.value === 'string';
}

/** Returns the texts that a text in a rule is joined from, as they are written. */
function textsIn(written: string): string[] {
  return written.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
}
