import { SpecError } from '../../src/errors/spec-error.ts';
import { parseJson } from '../../src/json/parse.ts';

function problemOf(text: string): SpecError {
  try {
    parseJson(text, 'experiments.config.json');
  } catch (error) {
    if (error instanceof SpecError) return error;
  }
  throw new Error('no SpecError was thrown');
}

describe('parseJson', () => {
  it('returns the same value as JSON.parse', () => {
    expect(parseJson('[{"a": null}]', 'x')).toEqual([{ a: null }]);
    expect(parseJson('7', 'x')).toBe(7);
  });

  it('ignores a byte order mark', () => {
    expect(parseJson('\ufeff[]', 'x')).toEqual([]);
    expect(problemOf('\ufeff[1,]').problems[0]).toMatchObject({ line: 1, column: 3 });
  });

  it('reports the first mistake with file, line, column and remedy', () => {
    const error = problemOf('{\r\n  "experiments": [],\r\n}');
    expect(error.code).toBe('json');
    expect(error.origin).toBe('experiments.config.json');
    expect(error.problems).toEqual([
      {
        path: '',
        line: 2,
        column: 20,
        message: 'remove the trailing comma before the closing }',
      },
    ]);
    expect(error.message).toContain('experiments.config.json:2:20');
  });

  it('counts columns in UTF-16 code units', () => {
    expect(problemOf('["😀" "b"]').problems[0]).toMatchObject({ line: 1, column: 7 });
  });
});
