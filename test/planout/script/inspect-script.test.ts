import * as fc from 'fast-check';
import { Assignment } from '../../../src/planout/assignment.ts';
import {
  compileScript,
  defineExperiment,
  inspectScript,
  Interpreter,
  parseScript,
  type Script,
} from '../../../src/planout/index.ts';
import { kindOf } from '../../../src/planout/script/value-kinds.ts';
import { scriptJson, scriptSources } from '../../generators/planout-scripts.ts';
import { runs } from '../../runs.ts';

/** Returns the script, or undefined if it is invalid. */
function valid(script: unknown): Script | undefined {
  try {
    return parseScript(typeof script === 'string' ? compileScript(script) : script);
  } catch {
    return undefined;
  }
}

describe('inspectScript', () => {
  it('returns the names of a script without running it', () => {
    expect(
      inspectScript(`
        if (country == 'US') { p = 0.2; } else { p = 0.4; }
        has_discount = bernoulliTrial(p=p, unit=[userid, page]);
        if (has_discount) {
          text = weightedChoice(choices=['OK', 'Buy'], weights=weights, unit=userid, salt='words');
          note = text;
        }
        return country != 'DE';
      `),
    ).toEqual({
      inputs: ['country', 'userid', 'page', 'weights'],
      units: ['userid', 'page'],
      parameters: ['p', 'has_discount', 'text', 'note'],
      kinds: { p: ['number'], has_discount: ['number'], text: ['string'], note: undefined },
      operators: expect.arrayContaining(['bernoulliTrial', 'weightedChoice', 'set', 'cond', 'not']),
      salts: ['has_discount', 'words'],
    });
  });

  it.each([
    ['a name that every branch sets', 'if (a) { x = 1; } else { x = 2; } y = x;', ['a']],
    ['a name that one branch sets', 'if (a) { x = 1; } y = x;', ['a', 'x']],
    ['a name that is set later', 'y = x; x = 1;', ['x']],
    ['a name that sets itself', 'x = x ?? 1;', ['x']],
    ['a name after a branch that returns', 'if (a) { return 1; } else { x = 2; } y = x;', ['a']],
    ['a name after the script has ended', 'return true; y = x;', []],
    [
      'nested branches',
      'if (a) { if (b) { x = 1; } else { x = 2; } } else { x = 3; } y = x;',
      ['a', 'b'],
    ],
    ['the salt of the experiment', "experiment_salt = 'b'; y = experiment_salt;", []],
    ['a name in a literal', 'y = @{"op": "get", "var": "x"};', []],
    ['a name in a text', "y = 'x';", []],
  ])('finds the inputs of a script with %s', (_what, source, inputs) => {
    expect(inspectScript(source).inputs).toEqual(inputs);
  });

  it('follows unknown arguments of an operator only if they are evaluated', () => {
    const other = { op: 'set', var: 'z', value: { op: 'get', var: 'y' } };
    const evaluated = { op: 'set', var: 'x', value: { op: 'not', value: 1, other } };
    expect(inspectScript(evaluated)).toMatchObject({ inputs: ['y'], parameters: ['z', 'x'] });
    const ignored = { op: 'set', var: 'x', value: { op: 'or', values: [1], other } };
    expect(inspectScript(ignored)).toMatchObject({ inputs: [], parameters: ['x'] });
  });

  it('ignores the arguments that "get" does not evaluate', () => {
    const unknown = { op: 'set', var: 'z', value: { op: 'get', var: 'y' } };
    const json = { op: 'set', var: 'x', value: { op: 'get', var: 'a', other: unknown } };
    expect(inspectScript(json)).toMatchObject({ inputs: ['a'], parameters: ['x'] });
  });

  it('does not count a name as set if only a skipped value sets it', () => {
    const set = { op: 'set', var: 'x', value: 1 };
    const get = { op: 'get', var: 'x' };
    const json = { op: 'seq', seq: [{ op: 'or', values: [true, set] }, get] };
    expect(inspectScript(json)).toMatchObject({ inputs: ['x'], parameters: ['x'] });
  });

  it('does not depend on the order in which an operator evaluates its arguments', () => {
    const [get, set] = [
      { op: 'get', var: 'x' },
      { op: 'set', var: 'x', value: 1 },
    ];
    for (const value of [
      { op: 'equals', right: get, left: set },
      { op: 'equals', left: get, right: set },
    ]) {
      expect(inspectScript({ op: 'set', var: 'y', value }).inputs).toEqual(['x']);
    }
  });

  it('knows the kind of a product only if it has several factors', () => {
    const { kinds } = inspectScript('a = 2 * 3; b = product(values=["x"]); c = product(values=l);');
    expect(kinds).toEqual({ a: ['number'], b: undefined, c: undefined });
  });

  it('gives a draw without choices the kind of its result, an empty list', () => {
    const script = 'a = uniformChoice(choices=[], unit=u);';
    expect(inspectScript(script).kinds).toEqual({ a: ['list'] });
    expect(new Interpreter(script, { inputs: { u: 1 } }).getParams()).toEqual({ a: [] });
  });

  it('returns the same for source text, JSON and a parsed script', () => {
    const source = "x = uniformChoice(choices=['a', 'b'], unit=userid);";
    const json = compileScript(source);
    expect(inspectScript(json)).toEqual(inspectScript(source));
    expect(inspectScript(parseScript(json))).toEqual(inspectScript(source));
  });

  it('treats __proto__ as an ordinary name', () => {
    const json = { op: 'set', var: '__proto__', value: { op: 'get', var: 'constructor' } };
    const { inputs, parameters, kinds } = inspectScript(json);
    expect([inputs, parameters, Object.keys(kinds)]).toEqual([
      ['constructor'],
      ['__proto__'],
      ['__proto__'],
    ]);
  });

  it('returns frozen lists', () => {
    const inspection = inspectScript('x = y;');
    expect(Object.values(inspection).every((list) => Object.isFrozen(list))).toBe(true);
  });

  it('names everything that a run reads and sets, for any script', () => {
    fc.assert(
      fc.property(fc.oneof(scriptJson, scriptSources), fc.boolean(), (given, full) => {
        const script = valid(given);
        if (script === undefined) return;
        const { inputs, parameters, kinds } = inspectScript(script);
        const read = new Set<string>();
        const assignment = new Assignment('s');
        const values = new Map<string, unknown>([
          ['userid', 4],
          ['list', [1, 2]],
          ['text', 'a'],
        ]);
        try {
          script.runReading(assignment, (name) => {
            read.add(name);
            return full ? values.get(name) : undefined;
          });
        } catch {
          // The names count up to the error.
        }
        expect(inputs).toEqual(expect.arrayContaining([...read]));
        for (const [name, value] of Object.entries(assignment.getParams())) {
          expect(parameters).toContain(name);
          const kind = kindOf(value);
          const known = Object.hasOwn(kinds, name) ? (kinds[name] ?? [kind]) : [];
          expect(known).toContain(kind);
        }
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('takes time in proportion to the script', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `else if (c${i}) { x${i} = 1; }`);
    const { inputs, parameters } = inspectScript(`if (c) { x = 1; } ${lines.join(' ')}`);
    expect([inputs.length, parameters.length]).toEqual([10_001, 10_001]);
  });
});

describe('paramNames of an experiment', () => {
  it('contains the parameters of a script', () => {
    const experiment = defineExperiment({ name: 'a', script: 'if (b) { x = 1; } y = 2;' });
    expect(experiment.paramNames).toEqual(['x', 'y']);
  });

  it('contains the declared names of an experiment in code, and is undefined without them', () => {
    const assign = () => {};
    expect(defineExperiment({ name: 'a', paramNames: ['x'], assign }).paramNames).toEqual(['x']);
    expect(defineExperiment({ name: 'a', assign }).paramNames).toBeUndefined();
  });
});
