import {
  compileScript,
  parseScript,
  registerOperators,
  type ScriptTest,
  testScript,
} from '../../src/planout/index.ts';

/** The sample experiment of PlanOut's online editor. */
const SAMPLE = `
group_size = uniformChoice(choices=[1, 10], unit=userid);
specific_goal = bernoulliTrial(p=0.8, unit=userid);
if (specific_goal) {
  ratings_per_user_goal = uniformChoice(choices=[8, 16, 32, 64], unit=userid);
  ratings_goal = group_size * ratings_per_user_goal;
}
`;

describe('testScript', () => {
  it("runs the sample tests of PlanOut's editor, of which the second one fails there too", () => {
    const results = testScript(SAMPLE, [
      { id: 'playground', inputs: { userid: 42 }, type: 'PLAYGROUND' },
      {
        id: 'test3',
        inputs: { userid: 5243 },
        overrides: {},
        assertions: { ratings_goal: 640 },
        type: 'TEST',
      },
      {
        id: 'test2',
        inputs: { userid: 52433 },
        overrides: { group_size: 10 },
        assertions: { ratings_goal: 200 },
        type: 'TEST',
      },
    ]);
    expect(results).toMatchObject([
      { id: 'playground', passed: true, failures: [] },
      { id: 'test3', passed: true, params: { ratings_goal: 640 }, inExperiment: true },
      {
        id: 'test2',
        passed: false,
        params: { group_size: 10 },
        failures: [{ param: 'ratings_goal', expected: 200, got: 640 }],
      },
    ]);
  });

  it.each<[string, ScriptTest, object]>([
    [
      'another value',
      { assertions: { x: 2 } },
      { failures: [{ param: 'x', expected: 2, got: 1 }] },
    ],
    [
      'a parameter that is not set',
      { assertions: { y: null, x: 1 } },
      { failures: [{ param: 'y', expected: null }] },
    ],
    [
      'a part of a list',
      { assertions: { list: [1, [3]] } },
      { failures: [{ param: 'list', expected: [1, [3]], got: [1, [2]] }] },
    ],
    [
      'a unit that is in the experiment',
      { inExperiment: false },
      { failures: [{ param: undefined, expected: false, got: true }] },
    ],
    [
      'the name of a prototype property',
      { assertions: { toString: 1 } },
      { failures: [{ param: 'toString', expected: 1 }] },
    ],
  ])('reports %s', (_, test, expected) => {
    expect(testScript('x = 1; list = [1, [2]];', [test])).toMatchObject([
      { id: '1', passed: false, ...expected },
    ]);
  });

  it('compares values as scripts do, and as PlanOut’s editor does in Python', () => {
    const script = 'x = true; list = [1, 2]; m = @{"a": 1, "b": [0]}; none = null;';
    const assertions = { x: 1, list: [true, 2], m: { b: [false], a: 1 }, none: null };
    expect(testScript(script, [{ assertions }])).toMatchObject([{ passed: true, failures: [] }]);
  });

  it('fails a test whose run fails, and runs the others', () => {
    const [first, second] = testScript('x = 1;\ny = 6 / of;', [
      { inputs: { of: 0 }, assertions: { y: 1 } },
      { inputs: { of: 2 }, assertions: { y: 3 } },
    ]);
    expect(first).toMatchObject({ passed: false, params: {}, inExperiment: undefined });
    expect(first?.error?.message).toBe('2:1 /: right must not be 0');
    expect(second).toMatchObject({ passed: true, error: undefined });
  });

  it('fails a test whose values are too deep to compare, and runs the others', () => {
    const deep: unknown = JSON.parse('['.repeat(3000) + ']'.repeat(3000));
    const same: unknown = JSON.parse('['.repeat(3000) + ']'.repeat(3000));
    const tests = [
      { inputs: { a: deep }, assertions: { x: same } },
      { inputs: { a: 1 }, assertions: { x: 1 } },
    ];
    const reason = 'compares values more than 100 levels deep';
    expect(testScript('x = a;', tests)).toMatchObject([
      { passed: false, params: {}, error: { code: 'script', reason } },
      { passed: true },
    ]);
  });

  it('uses the salt of the test, then of the options, then of PlanOut’s editor', () => {
    const script = 'x = randomInteger(min=0, max=1000000, unit=userid);';
    const x = (test: ScriptTest, salt?: string) =>
      testScript(script, [{ inputs: { userid: 4 }, ...test }], { salt })[0]?.params['x'];
    expect(x({})).toBe(x({}, 'demo_salt'));
    expect(x({})).not.toBe(x({}, 'shop'));
    expect(x({ salt: 'mine' }, 'shop')).toBe(x({}, 'mine'));
  });

  it('takes JSON, parsed scripts and custom operators', () => {
    const operators = registerOperators({ tripled: ({ value }) => 3 * Number(value) });
    const tests = [{ inputs: { userid: 4 }, assertions: { x: 12 }, inExperiment: true }];
    const json = compileScript('x = tripled(userid);');
    expect(testScript(json, tests, { operators })).toMatchObject([{ passed: true }]);
    expect(testScript(parseScript(json, { operators }), tests)).toMatchObject([{ passed: true }]);
    expect(() => testScript(json, tests)).toThrow('unknown operator "tripled"');
  });

  it.each<[unknown, string]>([
    [{}, 'testScript() takes a list of tests, not an object'],
    [[{}, 7], 'test 2 must be an object, not 7'],
    [[{ input: {} }], 'test 1 has the unknown property "input"; did you mean "inputs"?'],
    [[{ zzz: {} }], 'test 1 has the unknown property "zzz"; known: id, inputs, overrides'],
    [[{ assertions: [] }], 'test 1: assertions must be an object, not an empty list'],
    [[{ inExperiment: 1 }], 'test 1: inExperiment must be true or false, not 1'],
    [[{ id: 7 }], 'test 1: id must be a string, not 7'],
  ])('refuses %j', (tests, message) => {
    expect(() => Reflect.apply(testScript, undefined, ['x = 1;', tests])).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }),
    );
  });
});
