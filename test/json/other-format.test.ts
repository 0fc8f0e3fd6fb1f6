import { SpecError } from '../../src/errors/spec-error.ts';
import { parseJson } from '../../src/json/parse.ts';

function problemOf(text: string): string | undefined {
  try {
    parseJson(text, 'test');
  } catch (error) {
    if (!(error instanceof SpecError) || error.problems.length !== 1) throw error;
    const [problem] = error.problems;
    return `${problem?.line}:${problem?.column} ${problem?.message}`;
  }
  return undefined;
}

const YAML =
  '1:1 this looks like YAML, but the text must be JSON; begin with [{ "name": … }], or convert the file';
const CODE =
  '1:1 this looks like JavaScript, but the text must be JSON; write only the value, without code around it';
const HTML =
  '1:1 this is HTML or XML, but the text must be JSON; check that the path or address leads to the JSON file';

describe('a text in another format', () => {
  it.each([
    ['a YAML list', '- name: x\n  identity: user.id\n', YAML],
    ['a YAML list of switches', '- "x:on"\n', YAML],
    ['a YAML map', 'experiments:\n  - name: x\n', YAML],
    ['a YAML document', '---\nname: x\n', YAML],
    ['YAML after comments', '# ours\n\n# more\n- name: x\n', YAML],
    ['a CommonJS module', "module.exports = ['x:on'];", CODE],
    ['a module', 'export default ["x:on"];', CODE],
    ['a script', 'const experiments = ["x:on"];', CODE],
    ['a page', '<!DOCTYPE html><title>Not found</title>', HTML],
    ['an error of a store', '\n<Error><Code>AccessDenied</Code></Error>', HTML],
    [
      'values one after the other',
      '{"a": 1}\n{"b": 2}',
      '2:1 the document ends before "{"; put several values into one list: [ …, … ]',
    ],
    ['a comment', '[ // ours\n]', '1:3 JSON has no comments: remove it, or use a "description"'],
    ['a trailing comma', '["x:on",]', '1:8 remove the trailing comma before the closing ]'],
    [
      'quotes in a rule',
      '[{"rule": "user.plan == "pro""}]',
      `1:26 the text ends at the quote before "pro"; inside a text, write single quotes: 'pro'`,
    ],
    [
      'quotes in a list of a rule',
      '{"rule": "country in ["CA", "US"]"}',
      `1:24 the text ends at the quote before "CA"; inside a text, write single quotes: 'CA'`,
    ],
    [
      'quotes at the start of a rule',
      '{"rule": ""beta" in tags"}',
      `1:12 the text ends at the quote before "beta"; inside a text, write single quotes: 'beta'`,
    ],
    ['single quotes', "['x:on']", `1:2 use straight double quotes ("), not '`],
  ])('is refused with one message: %s', (_what, text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each(['\ufeff["x:on"]', '  -1', '-0.5e3', 'true', '"- name: x"', '{"a": "---"}'])(
    'is not what %j is',
    (text) => {
      expect(problemOf(text)).toBeUndefined();
    },
  );

  it('is not a list without commas', () => {
    expect(problemOf('{"a": "b" "c": 1}')).toBe('1:11 a comma is missing before this');
    expect(problemOf('["a""b"]')).toBe('1:5 a comma is missing before this');
  });
});
