import * as fc from 'fast-check';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { SharedParts } from '../../../src/rules/compile/compilation.ts';
import { CompiledRule } from '../../../src/rules/compile/compile.ts';
import { inferFindings } from '../../../src/rules/types/infer.ts';
import { optionalReadsIn } from '../../../src/rules/types/optional-reads.ts';
import { childrenOf, type RuleNode } from '../../../src/rules/syntax/nodes.ts';
import { readContext } from '../../../src/specification/context/context-schema.ts';
import { contextSchemas, contextsOf, type Schema } from '../declared-contexts.ts';
import { trees, write } from '../reference/random-rules.ts';
import { runs } from '../../runs.ts';

const findingsOf = (rule: string, schema: unknown) =>
  inferFindings(rule, readContext(schema, '').type, () => undefined);

/**
 * Returns the code and reason of the error of each evaluation in the declared context, or undefined if
 * the result is a boolean.
 */
function failuresOf(
  rule: string,
  contexts: readonly object[],
  schema: unknown,
): (string | undefined)[] {
  const findOptional = optionalReadsIn(readContext(schema, '').type);
  const compiled = new CompiledRule(rule, new SharedParts(), { findOptional });
  return contexts.map((context) => {
    try {
      compiled.holds(context);
      return undefined;
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      return `${error.code}: ${error.reason}`;
    }
  });
}

/**
 * Errors that a rule without findings never throws: all but those that depend on lengths and sizes.
 */
const EXCLUDED =
  /^(name|attribute|not-boolean): |^type: (?!"for" assigns|a negative number to|a shift count)/;

/** Matches the reason of a comparison whose outcome is fixed. */
const FIXED = /^"[^"]+" is (never|always) true here/;

/** Nodes with parts that may not be reached. */
const BRANCHING: ReadonlySet<RuleNode['kind']> = new Set([
  'and',
  'or',
  'conditional',
  'comprehension',
]);

function isStraight(node: RuleNode): boolean {
  // After the first false comparison of a chain, nothing is reached.
  if (node.kind === 'compare' && node.rest.length > 1) return false;
  return !BRANCHING.has(node.kind) && childrenOf(node).every(isStraight);
}

/** Operators, attributes and texts that the random trees lack, each replacing one that they have. */
const OTHERS = [
  [' == ', ' is '],
  [' != ', ' is not '],
  [' + ', ' & '],
  [' - ', ' | '],
  [' // ', ' * '],
  [' % ', ' ** '],
  ['.level', '.length'],
  ['.tags', '.lower'],
  ['.plan', '["plan"]'],
  ['ab', '1.10'],
  ['é', '2024-01-31'],
] as const;

/** Rules. Most random trees are not boolean, so half of them are negated. */
const rulesOf = (from: fc.Arbitrary<RuleNode>) =>
  fc.tuple(from.map(write), fc.boolean(), fc.subarray([...OTHERS])).map(([rule, not, others]) => {
    const changed = others.reduce((text, [one, other]) => text.replaceAll(one, other), rule);
    return not ? `not (${changed})` : changed;
  });

const someContextsOf = (schema: Schema) =>
  fc.array(contextsOf(schema), { minLength: 4, maxLength: 8 });

describe('the check against a declared context', () => {
  it('finds something in every rule that fails in a context of the declared form', () => {
    let accepted = 0;
    fc.assert(
      fc.property(contextSchemas, rulesOf(trees), fc.gen(), (schema, rule, draw) => {
        if (findingsOf(rule, schema).length > 0) return;
        accepted++;
        for (const failure of failuresOf(rule, draw(someContextsOf, schema), schema)) {
          expect([rule, failure ?? '']).not.toEqual([rule, expect.stringMatching(EXCLUDED)]);
        }
      }),
      { numRuns: runs(1500) },
    );
    // Otherwise no rule may have been accepted, which would show nothing.
    expect(accepted).toBeGreaterThan(runs(50) / 10);
  });

  it('is only certain if the rule fails, or has the same result, in every context', () => {
    let failed = 0;
    let fixed = 0;
    fc.assert(
      fc.property(
        contextSchemas,
        rulesOf(trees.filter(isStraight)),
        fc.gen(),
        (schema, rule, draw) => {
          const certain = findingsOf(rule, schema).filter((finding) => finding.certain);
          if (certain.length === 0) return;
          const contexts = draw(someContextsOf, schema);
          const failures = failuresOf(rule, contexts, schema);
          const outcomes = certain.filter(({ error }) => FIXED.test(error.reason));
          const mustFail = outcomes.length < certain.length;
          if (mustFail) failed++;
          expect([rule, mustFail && failures.includes(undefined)]).toEqual([rule, false]);
          for (const { error } of outcomes) {
            fixed++;
            const part = rule.slice(error.range.start, error.range.end);
            const holds = error.reason.includes('is always true');
            const wrong = failuresOf(`(${part}) or 1 / 0`, contexts, schema);
            const right = failuresOf(`not (${part}) or 1 / 0`, contexts, schema);
            expect([part, (holds ? right : wrong).includes(undefined)]).toEqual([part, false]);
          }
        },
      ),
      { numRuns: runs(6000) },
    );
    expect(failed).toBeGreaterThan(runs(50) / 10);
    expect(fixed).toBeGreaterThan(0);
  });
});
