import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuleError } from '../../src/errors.ts';
import { compileRule } from '../../src/rules/compile.ts';

interface Vector {
  readonly rule: string;
  readonly context: object;
  readonly result?: boolean;
  readonly error?: string;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../vectors/rules.json'), 'utf8'),
) as Vector[];

function outcomeOf({ rule, context }: Vector): boolean | string {
  try {
    return compileRule(rule)(context);
  } catch (error) {
    if (error instanceof RuleError) return error.code;
    throw error;
  }
}

describe('compileRule', () => {
  it('agrees with all 1,500 results of Cravensworth', () => {
    expect(vectors).toHaveLength(1500);
    const wrong = vectors.filter((v) => outcomeOf(v) !== (v.result ?? v.error));
    expect(wrong.map((v) => [v.rule, v.result ?? v.error, outcomeOf(v)])).toEqual([]);
  });
});
