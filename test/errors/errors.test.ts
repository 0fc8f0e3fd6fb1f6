import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertAppended,
  bucketOf,
  compileRule,
  createClient,
  type ErrorCode,
  EvenhandError,
  parseExperiments,
  type Problem,
  requireOn,
  type RuleError,
  SpecError,
} from 'evenhand';
import {
  Assignment,
  Interpreter,
  SimpleNamespace,
  uniformChoice,
} from '../../src/planout/index.ts';
import { resolvePlan } from '../../src/analysis/plan/resolve-plan.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { createRedisStore } from '../../src/integrations/redis/redis-store.ts';
import { audience, experiment, thrownBy } from '../assignment/build.ts';

const doc = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');

/** Returns the codes of the union types in `src/errors/evenhand-error.ts`, from its source text. */
function declaredCodes(): string[] {
  const source = readFileSync(join(__dirname, '../../src/errors/evenhand-error.ts'), 'utf8');
  const unions = [...source.matchAll(/^export type (?:Rule|Planout)?ErrorCode =([^;]+);/gm)];
  expect(unions).toHaveLength(3);
  return unions.flatMap(([, union = '']) =>
    [...union.matchAll(/'([^']+)'/g)].map((m) => m[1] ?? ''),
  );
}

/** The codes in the tables of `docs/errors.md`, with their classes. */
const documented = new Map(
  [...doc.matchAll(/^\| `([a-z-]+)` +\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(
    ([, code = '', name = '', when = '', remedy = '']) => [code, { name, when, remedy }],
  ),
);

const rule = (source: string, context: object) => () => compileRule(source)(context);

/** Returns a store whose server reports a newer change. */
const storeOf = ({ isOpen }: { isOpen: boolean }) => {
  const events = { on: () => {}, off: () => {}, listenerCount: () => 0 };
  const commands = { hGet: async () => '2', hmGet: async () => [], hStrLen: async () => 0 };
  const answer = async () => ['conflict', '2'];
  const others = { eval: answer, multi: () => ({}), duplicate: () => ({}) };
  return createRedisStore({ client: { isOpen, ...events, ...commands, ...others } });
};

/** Returns the error that is thrown, or with which the promise rejects. */
async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A case for each code. The type ensures that none is missing. */
const CASES: Readonly<Record<ErrorCode, () => unknown>> = {
  syntax: () => compileRule('user.plan = "pro"'),
  forbidden: () => compileRule('user.__proto__ == 1'),
  call: () => compileRule('len(tags) > 0'),
  limit: rule('"a" * 1000000000 == ""', {}),
  name: rule('plan == "pro"', {}),
  attribute: rule('user.plan == "pro"', { user: {} }),
  type: rule('"5" < 7', {}),
  'not-boolean': rule('user.plan', { user: { plan: 'pro' } }),
  index: rule('tags[0] == "new"', { tags: [] }),
  key: rule('flags["beta"]', { flags: {} }),
  'zero-division': rule('total / visits > 5', { total: 1, visits: 0 }),
  prerequisite: () =>
    parseExperiments([
      experiment({
        audiences: [audience({ a: 100 }, 'experiments.other == "a"'), audience({ b: 100 })],
      }),
      experiment({ name: 'other' }),
    ])
      .participant({})
      .variant('exp'),
  json: () => createClient({ source: { name: 'mine', load: () => ({ text: '[', origin: 'x' }) } }),
  spec: () => parseExperiments([{}]),
  source: () => createClient({ source: join(__dirname, './no-such-file.json') }),
  option: () => bucketOf('ada', 7 as unknown as string),
  identity: () => parseExperiments([experiment()]).participant({}).variant('exp'),
  context: () => parseExperiments([]).participant('user' as unknown as object),
  operator: () =>
    new Assignment('sharing').set('color', uniformChoice({ choices: ['red'], unit: [] })),
  script: () => new Interpreter({ op: 'nope' }),
  namespace: () =>
    new SimpleNamespace({ name: 'shop', unit: 'userid', segments: 10 }).removeExperiment('first'),
  history: () => {
    const space = { name: 'shop', unit: 'user.id', experiments: [{ name: 'first', script: '' }] };
    const before = [{ ...space, history: [{ add: 'first', segments: 10 }] }];
    assertAppended({ experiments: [], namespaces: before }, []);
  },
  conflict: () => storeOf({ isOpen: true }).put([], { expectedRevision: 1 }),
  store: () => storeOf({ isOpen: false }).put([]),
  'not-mounted': () => {
    const [req, res] = [{}, {}] as unknown as Parameters<ReturnType<typeof requireOn>>;
    return requireOn('search')(req, res, (error?: unknown) => {
      throw error;
    });
  },
  analysis: () => resolvePlan(atOnce(specificationSteps([], { origin: 'test' })), 'x', { now: 0 }),
};

describe('the codes of errors', () => {
  it('are all in docs/errors.md, and no others', () => {
    const codes = declaredCodes();
    expect(codes.length).toBeGreaterThan(15);
    expect([...documented.keys()].sort()).toEqual([...codes].sort());
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.keys(CASES).sort()).toEqual([...codes].sort());
  });

  it.each(Object.entries(CASES))(
    '%s is thrown with the class that the docs name',
    async (code, run) => {
      const error = await failureOf(run);
      expect(error).toBeInstanceOf(EvenhandError);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ code, name: documented.get(code)?.name });
      expect(String(error)).toMatch(/^\w+Error: ./);
    },
  );
});

describe('the examples of docs/errors.md', () => {
  /** The text blocks of the docs, without the fences. */
  const shown = [...doc.matchAll(/^```text\n([\s\S]+?)\n```$/gm)].map((match) => match[1]);

  it('show the message of a SpecError', () => {
    const text = `[
  {
    "name": "button", "identity": "user.id",
    "variants": [{ "name": "bold" }, { "name": "plain" }],
    "audiences": [
      { "rule": "user.plan = \\"pro\\"",
        "allocations": [{ "variant": "blod", "percent": 100 }] },
      { "allocations": [{ "variant": "plain", "percent": 100 }] }
    ]
  }
]`;
    const load = () => ({ text, origin: 'experiments.config.json' });
    const error = thrownBy(() => createClient({ source: { name: 'mine', load } }));
    expect((error as SpecError).message).toBe(shown[0]);
  });

  it('show the message of a RuleError', () => {
    expect((thrownBy(rule('plan == "pro"', {})) as RuleError).message).toBe(shown[1]);
  });

  it('show the message of an IdentityError', () => {
    const snapshot = parseExperiments([experiment({ name: 'button' })]);
    const error = thrownBy(() => snapshot.participant({ user: { id: null } }).variant('button'));
    expect((error as Error).message).toBe(shown[3]);
    expect(shown).toHaveLength(6);
  });

  it('show the message of an IdentityError about a list', () => {
    const identity = ['user.id', 'tenant.id'];
    const snapshot = parseExperiments([experiment({ name: 'button', identity })]);
    const error = thrownBy(() => snapshot.participant({ user: { id: null } }).variant('button'));
    expect((error as Error).message).toBe(shown[4]);
  });

  it('show the message of a RuleError at a decision', () => {
    const allocations = [{ variant: 'a', percent: 100 }];
    const audiences = [{ rule: 'user.paln == "pro"', allocations }, { allocations }];
    const snapshot = parseExperiments([experiment({ name: 'button', audiences })]);
    const error = thrownBy(() => snapshot.participant({ user: { plan: 'pro' } }).variant('button'));
    expect((error as Error).message).toBe(shown[2]);
  });

  it('show the message of a PlanoutError', () => {
    const unknown = { op: 'seq', seq: [{ op: 'set', var: 'x', value: { op: 'uniformChoise' } }] };
    const errors = [
      () => new Interpreter(unknown),
      () => new Interpreter('x = bernoulliTrial(p=2, unit=4);').getParams(),
      () => new Interpreter('x = 1\ny = 2;'),
    ].map((run) => (thrownBy(run) as Error).message);
    expect(errors.join('\n')).toBe(shown[5]);
  });

  it('give remedies that work', () => {
    const remedies = [
      ["user.is_authenticated and user.plan == 'pro'", { user: { is_authenticated: false } }],
      ['user.plan != ""', { user: { plan: '' } }],
      ['tags.length > 0 and tags[0] == "new"', { tags: [] }],
      ['"new" in tags', { tags: [] }],
      ['"beta" in flags and flags["beta"]', { flags: {} }],
      ['visits != 0 and total / visits > 5', { visits: 0, total: 1 }],
    ] as const;
    for (const [source, context] of remedies) {
      expect(doc).toContain(source);
      expect(compileRule(source)(context)).toBe(false);
    }
  });
});

describe('SpecError', () => {
  const problems: Problem[] = [
    { path: '', message: 'one' },
    { path: '/0/name', line: 3, column: 7, message: 'two\nlines' },
  ];

  it('lists all problems with their places', () => {
    const error = new SpecError('spec', 'a.json', problems);
    expect(error.problems).toEqual(problems);
    expect(error.origin).toBe('a.json');
    expect(error.message).toBe(
      'a.json: 2 problems\n  (document)\n    one\n  a.json:3:7 /0/name\n    two\n    lines',
    );
  });

  it('counts a single problem in the singular', () => {
    expect(new SpecError('json', 'a.json', problems.slice(0, 1)).message).toMatch(
      /^a\.json: 1 problem\n/,
    );
  });
});

describe('RuleError', () => {
  const errorOf = (source: string) => thrownBy(() => compileRule(source)({})) as RuleError;
  /** Returns the line of the rule that the message shows, and the text above the carets. */
  const excerptOf = ({ message }: RuleError) => {
    const [, line = '', carets = ''] = message.split('\n');
    return { line: line.slice(2), marked: line.slice(carets.indexOf('^'), carets.length) };
  };

  it('has the rule, the place in it and the reason', () => {
    expect(errorOf('True and plan == 1')).toMatchObject({
      rule: 'True and plan == 1',
      range: { start: 9, end: 13 },
      reason: 'the context has no "plan"',
    });
  });

  it('puts the carets under the place', () => {
    expect(excerptOf(errorOf('True and plan == 1'))).toEqual({
      line: 'True and plan == 1',
      marked: 'plan',
    });
  });

  it('shows only the line of the place, without control characters', () => {
    expect(excerptOf(errorOf('(True and\n\tplan == 1\n)'))).toEqual({
      line: ' plan == 1',
      marked: 'plan',
    });
  });

  it('cuts a long line around the place', () => {
    const { line, marked } = excerptOf(
      errorOf(`${'True and '.repeat(30)}plan${' and True'.repeat(30)}`),
    );
    expect(marked).toBe('plan');
    expect(line).toMatch(/^….*plan.*…$/);
    expect(line.length).toBeLessThan(90);
  });

  it('marks the end of a rule that ends too early', () => {
    const { line, marked } = excerptOf(errorOf('plan =='));
    expect([line, marked]).toEqual(['plan ==', '']);
    expect(errorOf('plan ==').message).toMatch(/\n {9}\^$/);
  });
});
