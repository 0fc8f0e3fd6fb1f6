import * as fc from 'fast-check';
import { oddJson, oddNames } from './odd-values.ts';

const OPERATORS = (
  'get set seq array map index cond and or coalesce return literal sum product min max equals < <= > ' +
  '>= % / not length round negative exp sqrt uniformChoice weightedChoice bernoulliTrial ' +
  'bernoulliFilter randomInteger randomFloat sample fastSample nothing'
).split(' ');

const ARGUMENTS =
  'var value values left right cond seq base index choices weights unit salt full_salt p min max draws'.split(
    ' ',
  );

const variables = fc.constantFrom('userid', 'list', 'text', 'x', 'experiment_salt', '__proto__');

/** PlanOut's JSON: operators with valid and invalid arguments. */
export const scriptJson: fc.Arbitrary<unknown> = fc.letrec<{ part: unknown }>((tie) => {
  const part = tie('part');
  return {
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        oddJson,
        fc.constantFrom(0, 1, 2, -1, 0.5, 'a', true),
        variables.map((name) => ({ op: 'get', var: name })),
      ),
      fc.record({ op: fc.constant('set'), var: variables, value: part }),
      fc.record({ op: fc.constant('seq'), seq: fc.array(part, { maxLength: 3 }) }),
      fc.record({
        op: fc.constant('cond'),
        cond: fc.array(fc.tuple(part, part).map(toClause), { maxLength: 2 }),
      }),
      fc
        .tuple(
          fc.constantFrom(...OPERATORS),
          fc.array(fc.tuple(fc.oneof(fc.constantFrom(...ARGUMENTS), oddNames), part), {
            maxLength: 4,
          }),
        )
        .map(([op, args]) => ({ ...(Object.fromEntries(args) as object), op })),
    ),
  };
}).part;

const CLAUSE = ['if', 'then'] as const;

/** One branch of a `cond`. */
function toClause(parts: readonly [unknown, unknown]): object {
  return Object.fromEntries(CLAUSE.map((key, i) => [key, parts[i]]));
}

const TOKENS = [
  ...'x y userid list text = <- ; , ( ) [ ] { } + - * / % < <= > >= == != && || ?? ! @ # " \' \n'.split(
    ' ',
  ),
  ...'if else return true false null switch 0 1 0.5 1e308 "a" uniformChoice sample min length'.split(
    ' ',
  ),
  ...'choices= unit=userid p=0.5 draws=2 values= salt="s" x=1; return 1;'.split(' '),
];

/** Source text in PlanOut's language: valid statements, tokens in any order, any text. */
export const scriptSources: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        "a = uniformChoice(choices=['x', 'y'], unit=userid);",
        'b = bernoulliTrial(p=0.5, unit=userid);',
        'c = weightedChoice(choices=list, weights=list, unit=[userid, text]);',
        'if (a == "x" && b) { d = 1; } else { return false; }',
        'e = @{"k": [1, null]}; f = e["k"][0] ?? 2;',
        'g = sum(list) / length(list) % 3;',
        "experiment_salt = 'other';",
        'return true;',
      ),
      { maxLength: 5 },
    )
    .map((lines) => lines.join('\n')),
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 }).map((tokens) => tokens.join(' ')),
  fc.string({ maxLength: 60 }),
);
