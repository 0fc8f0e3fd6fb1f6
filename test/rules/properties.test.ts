import * as fc from 'fast-check';
import { RuleError } from '../../src/errors/rule-error.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';
import { parseRule } from '../../src/rules/syntax/parse.ts';
import { traceRule } from '../../src/rules/trace.ts';
import { outcomeOf } from './outcome.ts';
import { contexts, trees, write } from './reference/random-rules.ts';
import { evaluate } from './reference/reference.ts';
import { PythonError, TooLarge, type Value } from './reference/reference-values.ts';
import { shapeOf } from './shape.ts';
import { runs } from '../runs.ts';
import { anyText } from '../generators/any-text.ts';

/** Converts a context value to the reference's values. */
function fromJson(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value as Value;
  return { dict: Object.entries(value).map(([key, inner]) => [key, fromJson(inner)] as const) };
}

/** Returns the reference's result for a tree, or undefined if its numbers are too large. */
function expectedOf(tree: Parameters<typeof evaluate>[0], context: object): unknown {
  const names = new Map(Object.entries(context).map(([key, value]) => [key, fromJson(value)]));
  try {
    const value = evaluate(tree, names);
    return typeof value === 'boolean' ? value : 'not-boolean';
  } catch (error) {
    if (error instanceof PythonError) return error.code;
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

const words = [
  String.raw`( ) [ ] { } , . : ; = ! < > + - * / % & | ^ ~ @ # ? $ \ ' " ` + '`',
  'and or not in is if else for lambda None true x user',
  '0 1 0x 1e .5 1_ "a" r" \'\'\' ** // << == === && __proto__ é 😀',
].flatMap((some) => some.split(' '));
const oddities = ['\n', '\t', ' ', '\ud800', '\u0000', '\u2028'];
const token = fc.constantFrom(...words, ...oddities);
const texts = fc.oneof(
  anyText(),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.array(token, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(token, { maxLength: 30 }).map((parts) => parts.join(' ')),
);

/** Random valid rules, and rules with a part removed, duplicated or inserted. */
const mutants = fc
  .tuple(trees, fc.nat(), fc.nat(6), fc.constantFrom('', ...words))
  .map(([tree, where, length, word]) => {
    const rule = write(tree);
    const i = where % (rule.length + 1);
    return rule.slice(0, i) + word + rule.slice(i + length);
  });

/** Expects a RuleError whose place is in the rule and above its carets. */
function expectGoodError(error: unknown, rule: string): void {
  if (!(error instanceof RuleError)) throw error;
  const { start, end } = error.range;
  expect(error.rule).toBe(rule);
  expect(start >= 0 && start <= end && end <= rule.length).toBe(true);
  expect(error.reason).not.toBe('');
  const [shown = '', carets = ''] = error.message.split('\n').slice(-2);
  const place = rule
    .slice(start, end)
    .split('\n')[0]
    ?.replaceAll(/\p{Cc}/gu, ' ');
  const [first, last] = [carets.indexOf('^'), carets.lastIndexOf('^')];
  expect(carets).toMatch(/^ *\^+$/);
  expect(place?.startsWith(shown.slice(first, last + 1).trimEnd())).toBe(true);
}

describe('a compiled rule', () => {
  it('has the same result as a plain evaluation of its tree', () => {
    const seen = new Map<unknown, number>();
    fc.assert(
      fc.property(trees, contexts, (tree, context) => {
        const expected = expectedOf(tree, context);
        fc.pre(expected !== undefined);
        seen.set(expected, (seen.get(expected) ?? 0) + 1);
        expect(outcomeOf(write(tree), context)).toBe(expected);
      }),
      { numRuns: runs(5000) },
    );
    // Otherwise all results could be errors, which would compare nothing.
    expect(seen.get(true) ?? 0).toBeGreaterThan(runs(50) / 10);
    expect(seen.get(false) ?? 0).toBeGreaterThan(runs(50) / 10);
  });

  it('ends with a boolean or a RuleError in any context of JSON', () => {
    const values = fc.dictionary(
      fc.constantFrom('n', 'half', 'yes', 'none', 'text', 'list', 'pairs', 'user', 'x'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(trees.map(write), mutants), values, (rule, context) => {
        const before = structuredClone(context);
        try {
          expect(typeof compileRule(rule)(context)).toBe('boolean');
        } catch (error) {
          expectGoodError(error, rule);
        }
        expect(context).toEqual(before);
      }),
      { numRuns: runs(3000) },
    );
  });

  it('has the same result as its trace, whose clauses are parts of the rule', () => {
    fc.assert(
      fc.property(trees.map(write), contexts, (rule, context) => {
        const { outcome, error, clauses } = traceRule(rule, context);
        const code = error instanceof RuleError ? error.code : error;
        expect(outcome ?? code).toBe(outcomeOf(rule, context));
        for (const { clause } of clauses) expect(rule).toContain(clause);
        if (error instanceof RuleError) expectGoodError(error, rule);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('the parser', () => {
  it('parses a tree that was written as a rule back to the same tree', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(shapeOf(parseRule(write(tree)))).toBe(shapeOf(tree));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('only throws RuleErrors that point into the rule', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.oneof(texts, mutants), (rule) => {
        try {
          compileRule(rule);
        } catch (error) {
          expectGoodError(error, rule);
        }
      }),
      { numRuns: runs(5000) },
    );
  });
});
