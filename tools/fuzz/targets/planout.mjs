// The target `planout`: source text, or its JSON if the input is an object or a list. It is compiled
// and run.
import { mutateJson } from '../harness/mutate-json.mjs';
import { mutateText } from '../harness/mutate-text.mjs';

const WORDS = (
  'if else return switch true false null = <- == != < <= > >= && || ?? ! + - * / % ( ) [ ] { } , ; : @ # " \' \\ ' +
  'uniformChoice weightedChoice bernoulliTrial bernoulliFilter randomInteger randomFloat sample fastSample ' +
  'min max sum product length round exp sqrt not negative equals index get set seq array map cond coalesce literal ' +
  "choices= weights= unit=userid unit= p=0.5 min= max= draws=2 salt='s' full_salt='f' values= base= experiment_salt " +
  'userid list text name x y 0 1 -1 1e308 0.5 [1,2,3] [[1],[2]] {"a":1} @{} @[] userid; x= ;\n'
).split(' ');

const KEYS = [
  'op',
  'seq',
  'var',
  'value',
  'values',
  'left',
  'right',
  'cond',
  'if',
  'then',
  'base',
  'index',
  'choices',
  'weights',
  'unit',
  'salt',
  'full_salt',
  'p',
  'min',
  'max',
  'draws',
  'num',
  '__proto__',
  'constructor',
  'a',
  '0',
];

const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  0.5,
  1e308,
  100001,
  '',
  'x',
  '__proto__',
  'userid',
  [],
  {},
  [1, 2, 3],
  ['a', 'b'],
  { a: 1 },
  ...'literal get set seq array map index cond and or coalesce return sum product min max equals < <= > >= % / not length round negative exp sqrt uniformChoice weightedChoice bernoulliTrial bernoulliFilter randomInteger randomFloat sample fastSample'
    .split(' ')
    .flatMap((op) => [
      op,
      { op },
      { op, values: [{ op: 'get', var: 'list' }, 2] },
      { op, left: 1, right: { op: 'get', var: 'userid' } },
      { op, value: { op: 'get', var: 'list' } },
    ]),
  { op: 'get', var: 'list' },
  {
    op: 'set',
    var: 'x',
    value: { op: 'uniformChoice', choices: ['a', 'b'], unit: { op: 'get', var: 'userid' } },
  },
  { op: 'seq', seq: [] },
  JSON.parse('{"op":"cond","cond":[{"if":true,"then":{"op":"return","value":false}}]}'),
];

const SEEDS = [
  "button = uniformChoice(choices=['OK', 'Buy'], unit=userid);",
  'p = bernoulliTrial(p=0.5, unit=userid); if (p == 1) { x = 3; } else if (userid > 5) { x = 4; } else { return false; }',
  "w = weightedChoice(choices=[1, 2, 3], weights=[0.2, 0.3, 0.5], unit=[userid, name], salt='s');",
  'a = randomInteger(min=1, max=10, unit=userid); b = randomFloat(min=0, max=1, unit=userid); c = a * b + 1 - 2 / 3 % 4;',
  'l = sample(choices=[1,2,3,4], draws=2, unit=userid); f = bernoulliFilter(choices=list, p=0.3, unit=userid); q = fastSample(choices=list, draws=3, unit=userid);',
  'x = @{"a": [1, "b", null, true, -2.5e3]}; y = x["a"][0]; z = x["a"][1] ?? 7; n = length(list); m = max(list); k = min(1, 2, 3);',
  "experiment_salt = 'other'; v = uniformChoice(choices=[true, false], unit=userid); # a comment\nreturn v && !false || 1 <= 2;",
  'r = round(2.5); e = exp(1); s = sqrt(4); t = product([2, 3]); u = sum([1, 2]); i = list[2]; j = -userid;',
  '{"op":"seq","seq":[{"op":"set","var":"x","value":{"op":"uniformChoice","choices":{"op":"array","values":[1,2]},"unit":{"op":"get","var":"userid"}}},{"op":"return","value":true}]}',
  '{"op":"set","var":"m","value":{"op":"map","a":1,"b":{"op":"index","base":{"op":"get","var":"list"},"index":0}}}',
  '{"op":"cond","cond":[{"if":{"op":"equals","left":{"op":"get","var":"userid"},"right":7},"then":{"op":"set","var":"y","value":{"op":"literal","value":{"deep":[1]}}}}]}',
  '{"op":"or","values":[false,{"op":"coalesce","values":[null,0]},{"op":"and","values":{"op":"get","var":"list"}}]}',
];

export const target = {
  imports: {
    'src/errors/evenhand-error.ts': ['EvenhandError'],
    'src/errors/planout-error.ts': ['PlanoutError'],
    'src/planout/language/compile-script.ts': ['compileScript'],
    'src/planout/script/parse-script.ts': ['parseScript'],
    'src/planout/script/interpreter.ts': ['Interpreter'],
  },

  seeds: () => SEEDS,

  mutate: (random, text, other) =>
    /^\s*[[{]/.test(text) && !random.oneIn(5)
      ? mutateJson(random, text, other, { words: WORDS, keys: KEYS, values: VALUES })
      : mutateText(random, text, other, WORDS),

  prepare({ EvenhandError, PlanoutError, compileScript, parseScript, Interpreter }) {
    const inputs = freeze({
      userid: 7,
      name: 'Zoë',
      list: [3, 1, 2, 5, 4],
      words: ['a', 'b'],
      text: 'abc',
      nested: [[1], [2, [3]]],
      map: { a: 1, b: [2] },
    });

    function run(script) {
      try {
        const interpreter = new Interpreter(script, {
          salt: 'salt',
          inputs,
          overrides: { forced: 1 },
        });
        const params = interpreter.getParams();
        return JSON.stringify([interpreter.inExperiment, params]).slice(0, 2000);
      } catch (error) {
        return codeOf(error, typeof script === 'string' ? script : undefined);
      }
    }

    function codeOf(error, source) {
      if (!(error instanceof EvenhandError)) throw error;
      if (error instanceof PlanoutError && source !== undefined && error.line !== undefined) {
        const line = source.split('\n')[error.line - 1];
        if (line === undefined || error.column < 1 || error.column > line.length + 1) {
          throw new Error(`a place outside the source: ${error.line}:${error.column}`);
        }
      }
      if (error.message.length > 1000)
        throw new Error(`a message of ${error.message.length} characters`);
      return `${error.code} ${error.message}`;
    }

    return (text) => {
      if (/^\s*[[{]/.test(text)) {
        let json;
        try {
          json = JSON.parse(text);
        } catch {
          return run(text);
        }
        const before = JSON.stringify(json);
        const result = run(json);
        if (JSON.stringify(json) !== before) throw new Error('the script was changed');
        return result;
      }
      const fromText = run(text);
      let json;
      try {
        json = compileScript(text);
      } catch (error) {
        return codeOf(error, text);
      }
      // Scripts are stored as JSON, which must mean the same after it has been written and read.
      const stored = run(JSON.parse(JSON.stringify(json)));
      const isError = (result) => /^(operator|script|option) /.test(result);
      if (stored !== fromText && !(isError(stored) && isError(fromText))) {
        throw new Error(`${fromText} from the source, ${stored} from its JSON`);
      }
      try {
        parseScript(json);
      } catch (error) {
        return codeOf(error);
      }
      return fromText;
    };
  },
};

function freeze(value) {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
