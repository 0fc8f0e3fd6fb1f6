import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnalysisPlan } from '../../../src/analysis/plan/analysis-plan.ts';
import type { Result } from '../../../src/analysis/result/result.ts';
import { resultJson } from '../../../src/analysis/result/result-json.ts';
import type { ResultOptions } from '../../../src/analysis/result/result-options.ts';
import { resultSchema } from '../../../src/analysis/result/schema/result-schema.ts';
import { toResult } from '../../../src/analysis/result/to-result.ts';
import type { MomentRows } from '../../../src/analysis/rows/moment-rows.ts';

const validate = new Ajv2020({ allowUnionTypes: true }).compile(resultSchema);

/** Returns a result after a check that it fits its schema, and that JSON keeps all of it. */
export function valid(result: Result): Result {
  if (!validate(result)) throw new Error(JSON.stringify(validate.errors, null, 2));
  expect(JSON.parse(resultJson(result))).toEqual(result);
  return result;
}

/** Returns the result of rows, which fits its schema. */
export function resultOf(plan: AnalysisPlan, rows: MomentRows, options?: ResultOptions): Result {
  return valid(toResult(plan, rows, options));
}
