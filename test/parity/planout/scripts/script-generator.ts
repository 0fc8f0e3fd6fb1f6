import * as fc from 'fast-check';

type Json = unknown;
type Args = Readonly<Record<string, fc.Arbitrary<Json>>>;

/** The inputs that scripts read, and `ghost`, which no unit has. */
const INPUTS = ['userid', 'country', 'age', 'tags', 'cart', 'vip', 'ghost'];

const PARAMETERS = ['a', 'b', 'c', 'price'];

/** Names that mean something to the interpreters, to Python or to JavaScript. */
const ODD_NAMES =
  'experiment_salt salt_sep _data _overrides constructor __proto__ toString self op values'.split(
    ' ',
  );

const get = (name: string) => ({ op: 'get', var: name });

const names = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...INPUTS) },
  { weight: 8, arbitrary: fc.constantFrom(...PARAMETERS) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NAMES) },
);

const variables = names.map(get);

const targets = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...PARAMETERS) },
  { weight: 2, arbitrary: fc.constantFrom('experiment_salt', 'salt_sep') },
  { weight: 1, arbitrary: names },
);

const numbers = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom<number>(0, 1, 2, 3, 5, 10, 0.5, 0.1, 2.5, 1.5, 100) },
  { weight: 3, arbitrary: fc.nat() },
  { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }) },
  { weight: 1, arbitrary: fc.constantFrom<number>(2 ** 53, 2 ** 53 - 1, 1e16, 1e21, 1e22, 1e308) },
);

const texts = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom('', 'a', 'b', 'US', 'x y', '3', '4.home', 'back\\slash'),
  },
  { weight: 1, arbitrary: fc.constantFrom('é', '\u{1f600}', '\u{fb01}', '日本') },
);

const data: fc.Arbitrary<Json> = fc.letrec<{ part: Json }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(numbers, texts, fc.constantFrom(true, false, null, -1, -0.5)),
    fc.array(tie('part'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'US', 'op', '7', '__proto__'), tie('part'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).part;

/** Generates one of the values, and sometimes any data. */
function usually(...values: readonly fc.Arbitrary<Json>[]): fc.Arbitrary<Json> {
  return fc.oneof(...values.map((arbitrary) => ({ weight: 10, arbitrary })), {
    weight: 1,
    arbitrary: data,
  });
}

/** The inputs of a unit: usually of the types that the scripts expect. */
export const inputs = fc.record(
  {
    userid: usually(fc.nat(1000), fc.nat(), texts, fc.boolean()),
    country: usually(fc.constantFrom('US', 'DE', '')),
    age: usually(fc.nat(99), fc.double({ noNaN: true, noDefaultInfinity: true })),
    tags: usually(fc.array(fc.oneof(texts, fc.nat(9)), { maxLength: 4 })),
    cart: usually(fc.record({ a: fc.nat(9), US: texts }, { requiredKeys: [] })),
    vip: usually(fc.boolean()),
  },
  { requiredKeys: ['userid', 'age'], noNullPrototype: true },
);

export const overrides = fc.option(
  fc.dictionary(
    fc.constantFrom(...PARAMETERS, 'country', 'age', 'experiment_salt', 'salt_sep', '_data'),
    data,
    { maxKeys: 2, noNullPrototype: true },
  ),
  { nil: undefined, freq: 3 },
);

/** The experiment's salt. */
export const salts = fc.constantFrom('exp', 'global_salt', 'shop.colors', '', 'a b', 'é');

/** A change to the arguments of an operator, after which no source text compiles to the script. */
interface Mess {
  readonly kind: 'drop' | 'reverse' | 'extra' | 'wrong';
  readonly at: number;
  readonly name: string;
  readonly value: Json;
}

function messed(node: Record<string, Json>, { kind, at, name, value }: Mess): Json {
  const entries = Object.entries(node);
  const [chosen = 'op'] = entries[at % entries.length] ?? [];
  if (kind === 'reverse') return Object.fromEntries(entries.toReversed());
  if (kind === 'drop') return Object.fromEntries(entries.filter(([key]) => key !== chosen));
  return { ...node, [kind === 'extra' ? name : chosen]: value };
}

/**
 * Generates scripts in PlanOut's JSON.
 *
 * @param isOdd if false, only scripts that source text can say, and operators without mistakes; if true,
 *   also missing, unknown and misplaced arguments
 */
export function scriptsOf(isOdd: boolean): fc.Arbitrary<{ op: string; seq: Json[] }> {
  const { script } = fc.letrec<{
    script: { op: string; seq: Json[] };
    statement: Json;
    block: Json;
    any: Json;
    number: Json;
    list: Json;
    condition: Json;
    draw: Json;
    nested: Json;
  }>((tie) => {
    const any = tie('any');
    const mess = fc.record<Mess>({
      kind: fc.constantFrom('drop', 'reverse', 'reverse', 'extra', 'extra', 'wrong'),
      at: fc.nat(5),
      name: fc.constantFrom('note', 'self', 'salt', 'full_salt', 'value', 'unit', '__proto__'),
      value: any,
    });
    const rarely = fc.oneof(
      { weight: 300, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: mess },
    );
    const operator = (op: string, args: Args): fc.Arbitrary<Json> => {
      const nodes = fc.record(args, { noNullPrototype: true }).map((given) => ({ op, ...given }));
      if (!isOdd) return nodes;
      return fc
        .tuple(nodes, rarely)
        .map(([node, change]) => (change === undefined ? node : messed(node, change)));
    };
    const pairs = (part: fc.Arbitrary<Json>) => fc.tuple(part, part).map((two) => [...two]);
    const oneOf = (names: readonly string[], args: Args) =>
      names.map((name) => operator(name, args));
    const sides = (part: fc.Arbitrary<Json>) => ({ left: part, right: part });
    const arrays = (part: fc.Arbitrary<Json>, minLength = 0) =>
      operator('array', { values: fc.array(part, { minLength, maxLength: 5 }) });
    const literals = operator('literal', { value: data });
    const plain = isOdd ? fc.oneof(data, fc.array(any, { maxLength: 3 }), literals) : literals;
    const [number, list] = [tie('number'), tie('list')];
    const draws = (isNested: boolean, op: string, args: Args) => {
      const units = fc.oneof(
        { weight: 6, arbitrary: fc.constant(get('userid')) },
        { weight: 3, arbitrary: arrays(fc.oneof(variables, texts, number), 1) },
        { weight: 1, arbitrary: any },
      );
      const salted = fc.oneof(
        { weight: isNested ? 0 : 6, arbitrary: fc.constant({}) },
        { weight: 3, arbitrary: fc.record({ salt: texts }, { noNullPrototype: true }) },
        { weight: 1, arbitrary: fc.record({ full_salt: texts }, { noNullPrototype: true }) },
        {
          weight: isOdd && isNested ? 1 : 0,
          arbitrary: fc.record({ salt: any }, { noNullPrototype: true }),
        },
      );
      return fc
        .tuple(operator(op, { ...args, unit: units }), salted)
        .map(([node, extra]) => ({ ...(node as object), ...extra }));
    };
    const drawsIn = (isNested: boolean) =>
      fc.oneof(
        draws(isNested, 'uniformChoice', { choices: list }),
        draws(isNested, 'weightedChoice', { choices: arrays(any, 3), weights: arrays(number, 3) }),
        draws(isNested, 'bernoulliTrial', {
          p: fc.oneof(fc.constantFrom<number>(0, 0.3, 0.5, 1), number),
        }),
        draws(isNested, 'bernoulliFilter', {
          choices: list,
          p: fc.constantFrom<number>(0.2, 0.5, 1),
        }),
        draws(isNested, 'randomInteger', { min: numbers, max: numbers }),
        draws(isNested, 'randomFloat', { min: number, max: number }),
        draws(isNested, 'sample', { choices: list, draws: fc.nat(3) }),
        draws(isNested, 'sample', { choices: list }),
        draws(isNested, 'fastSample', { choices: list, draws: fc.nat(3) }),
        draws(isNested, 'fastSample', { choices: list }),
      );
    const mistakes = fc.nat(50).chain((n) => (n === 0 ? operator('nothing', {}) : variables));
    const clauses = fc
      .array(fc.tuple(tie('condition'), tie('block')), { minLength: 1, maxLength: 3 })
      .map((list) => list.map(clauseOf));
    return {
      script: fc
        .array(tie('statement'), { minLength: 1, maxLength: 4 })
        .map((seq) => ({ op: 'seq', seq })),
      block: fc.array(tie('statement'), { maxLength: 2 }).map((seq) => ({ op: 'seq', seq })),
      statement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 6, arbitrary: operator('set', { var: targets, value: any }) },
        { weight: 4, arbitrary: operator('set', { var: targets, value: tie('draw') }) },
        { weight: 2, arbitrary: operator('cond', { cond: clauses }) },
        { weight: 1, arbitrary: operator('return', { value: any }) },
        ...(isOdd ? [{ weight: 1, arbitrary: any }] : []),
      ),
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 4, arbitrary: fc.oneof(numbers, texts, fc.constantFrom(true, false, null)) },
        { weight: 6, arbitrary: variables },
        { weight: 4, arbitrary: number },
        { weight: 3, arbitrary: list },
        { weight: 3, arbitrary: tie('condition') },
        { weight: 1, arbitrary: plain },
        { weight: 2, arbitrary: tie('nested') },
        { weight: 2, arbitrary: operator('index', { base: any, index: any }) },
        { weight: 2, arbitrary: operator('coalesce', { values: pairs(any) }) },
        { weight: 1, arbitrary: operator('map', { x: any, salt: any }) },
        { weight: 1, arbitrary: operator('map', { x: any, y: any }) },
        { weight: 1, arbitrary: tie('block') },
        ...(isOdd ? [{ weight: 1, arbitrary: mistakes }] : []),
      ),
      number: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 6, arbitrary: numbers },
        { weight: 2, arbitrary: fc.constant(get('age')) },
        ...oneOf(['%', '/'], sides(number)),
        ...oneOf(['sum', 'product', 'min', 'max'], { values: pairs(number) }),
        ...oneOf(['sum', 'product', 'min', 'max'], { values: list }),
        ...oneOf(['min', 'max'], { value: list }),
        ...oneOf(['min', 'max'], { values: pairs(any) }),
        operator('length', { value: any }),
        ...oneOf(['round', 'negative'], { value: number }),
      ),
      list: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 2, arbitrary: fc.constant(get('tags')) },
        { weight: 3, arbitrary: arrays(number) },
        { weight: 3, arbitrary: arrays(any) },
        { weight: 1, arbitrary: literals },
      ),
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        variables,
        fc.boolean(),
        operator('equals', sides(any)),
        operator('not', { value: any }),
        ...oneOf(['<', '<=', '>', '>='], sides(number)),
        ...oneOf(['<', '<=', '>', '>='], sides(any)),
        ...oneOf(['and', 'or'], { values: pairs(any) }),
        ...oneOf(['and', 'or', 'coalesce'], { values: list }),
      ),
      draw: drawsIn(false),
      nested: drawsIn(true),
    };
  });
  return script;
}

const CLAUSE = ['if', 'then'] as const;

function clauseOf(parts: readonly [Json, Json]): object {
  return Object.fromEntries(CLAUSE.map((key, i) => [key, parts[i]]));
}
