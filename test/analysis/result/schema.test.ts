import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { resultSchema } from '../../../src/analysis/result/schema/result-schema.ts';
import { plan, planned, rate, rows } from './build.ts';
import { resultOf } from './valid.ts';

describe('the JSON Schema of results', () => {
  it('is the file that the package exports; run npm run generate after a change', () => {
    const file = join(__dirname, '../../../schema/analysis-result.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(resultSchema);
  });

  it.each(['summary', 'look', 'metrics', 'warnings', 'split'])('requires %s', (name) => {
    const result = resultOf(
      plan([planned('proportion')]),
      rows({ a: [rate(100, 9)], b: [rate(100, 9)] }),
    );
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(resultSchema);
    expect(validate(result)).toBe(true);
    expect(validate({ ...result, [name]: undefined })).toBe(false);
    expect(validate({ ...result, more: 1 })).toBe(false);
  });
});
