import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { experimentsSchema } from '../../../src/specification/schema/schema.ts';
import { shapeErrors } from '../../../src/specification/schema/validator.generated.ts';
import { runs } from '../../runs.ts';
import { RUN_TYPESCRIPT } from '../../processes/repository.ts';

const root = join(__dirname, '../../..');

function committed(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function generated(script: string): string {
  return execFileSync(process.execPath, [join(root, 'scripts', script), '--print'], {
    encoding: 'utf8',
  });
}

describe('experimentsSchema', () => {
  it('matches schema/experiments.schema.json, which editors use', () => {
    expect(committed('schema/experiments.schema.json')).toBe(generated('generate-schema.mjs'));
  });

  it('is a valid schema of draft 2020-12', () => {
    expect(new Ajv2020().validateSchema(experimentsSchema)).toBe(true);
  });

  it('describes every property except self-explanatory ones', () => {
    const { $defs } = experimentsSchema;
    const all = [experimentsSchema, ...Object.values($defs)].flatMap(({ properties }) =>
      Object.entries(properties),
    );
    expect(all.length).toBeGreaterThan(15);
    for (const [name, schema] of all) {
      expect([name, schema]).toEqual([
        name,
        expect.objectContaining({ description: expect.stringMatching(/\.$/) }),
      ]);
    }
  });
});

describe('shapeErrors', () => {
  const source = committed('src/specification/schema/validator.generated.ts');

  it('is generated from the schema', () => {
    expect(source).toBe(generated('generate-validator.mjs'));
  });

  it('imports nothing at run time, not even ajv', () => {
    expect(source).not.toMatch(/\bimport\b|\brequire\b|\beval\b|new Function/);
  });

  it('works where code generation from strings is forbidden', () => {
    const script = `
      import { parseExperiments } from ${JSON.stringify(join(root, 'src/assignment/parse-experiments.ts'))};
      try { eval('1'); console.log('eval works'); } catch (error) { console.log(error.name); }
      console.log(parseExperiments(['beta:on']).experiments.length);
    `;
    const flags = ['--disallow-code-generation-from-strings', ...RUN_TYPESCRIPT];
    const output = execFileSync(
      process.execPath,
      [...flags, '--input-type=module', '--eval', script],
      { cwd: root, encoding: 'utf8' },
    );
    expect(output).toBe('EvalError\n1\n');
  });

  it('returns the same errors as ajv', () => {
    const validate = new Ajv2020({ strictTypes: false }).compile(experimentsSchema);
    const any = fc.jsonValue({ maxDepth: 2 });
    const allocation = fc.record({
      variant: fc.oneof(fc.constantFrom('a', 'a b'), any),
      percent: fc.oneof(fc.constantFrom(0, 100, 101, 0.5), any),
    });
    const entry = fc.record(
      {
        name: fc.constantFrom('a', 'b', '', 'a-b'),
        identity: fc.constantFrom('user.id', 'random', '.', 7),
        seed: fc.constantFrom('', 'x', 7),
        variants: fc.constantFrom([], [{ name: 'a' }], [{ name: 'a', value: 1 }], [{ nam: 'a' }]),
        audiences: fc.array(
          fc.record(
            { rule: fc.constantFrom('x', null, 7), allocations: fc.array(allocation) },
            { requiredKeys: [] },
          ),
        ),
        other: any,
      },
      { requiredKeys: ['name', 'identity', 'variants'] },
    );
    const data = fc.oneof(any, fc.array(fc.oneof(entry, fc.constantFrom('a:on', 'a:', ':on'))));
    fc.assert(
      fc.property(data, fc.boolean(), (list, wrapped) => {
        const document = wrapped ? { experiments: list } : list;
        expect(shapeErrors(document).length === 0).toBe(validate(document));
      }),
      { numRuns: runs(2000) },
    );
  });
});
