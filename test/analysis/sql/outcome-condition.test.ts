import type { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { outcomeCondition } from '../../../src/analysis/sql/conditions/outcome-condition.ts';
import { dialectOf } from '../../../src/analysis/sql/dialects/dialect-of.ts';
import { matchesOutcome } from '../../../src/rules/outcomes/matches-outcome.ts';
import type { OutcomeRule } from '../../../src/rules/outcomes/outcome-rule.ts';
import { parseOutcomeRule } from '../../../src/rules/outcomes/parse-outcome-rule.ts';
import { SEED } from '../../seed.ts';
import { openDuckdb, runSql } from './duckdb.ts';

const duckdb = dialectOf('duckdb');
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await openDuckdb();
});

afterAll(() => connection.closeSync());

/** Evaluates rules over properties in DuckDB, in one statement. */
async function evaluate(
  cases: readonly { readonly rule: OutcomeRule; readonly properties: unknown }[],
): Promise<unknown[]> {
  const selects = cases.map(
    ({ rule, properties }) =>
      `(SELECT ${outcomeCondition(rule, duckdb)} FROM (SELECT ${duckdb.text(
        JSON.stringify(properties),
      )}::JSON AS properties) r)`,
  );
  const [row] = await runSql(
    connection,
    `SELECT ${selects.map((sql, i) => `${sql} AS c${i}`).join(', ')}`,
  );
  return Object.values(row ?? {});
}

/** Texts with everything that is special somewhere in SQL, JSON and their paths. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '--',
        '/*',
        ';',
        '\0',
        '\n',
        '\r',
        '~',
        '/',
        '$',
        '*',
        '[0]',
        '#',
        '?',
        'a',
        '0',
        'é',
        '漢',
        '😀',
        '\u2028',
        '%',
        '{',
        '}',
        "')",
        "' OR 1=1 --",
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
);
const key = fc
  .oneof(fc.constantFrom('a', 'b', '__proto__', '0', '*'), hostile)
  .map((text) => text.replaceAll('.', ''));
const path = fc.array(key, { minLength: 1, maxLength: 2 }).map((keys) => keys.join('.'));
const literal = fc.oneof(
  hostile,
  fc.constantFrom('', '1', 'true', 'null', 0, 1, -1.5, 1e21, 1e-7, true, false, null),
);

describe('the condition of a rule in DuckDB', () => {
  it.each([
    ['value > 10', { value: 10.5 }],
    ['value > 10', { value: '10.5' }],
    ['value > 10', {}],
    ['value > 10', null],
    ['value != 10', { value: '10' }],
    ['currency == "EUR"', { currency: 'EUR' }],
    ['currency != "EUR"', {}],
    ['currency in ["EUR", None]', {}],
    ['currency == None', { currency: null }],
    ['currency == None', { currency: 'None' }],
    ['flag == True', { flag: true }],
    ['flag == True', { flag: 'true' }],
    ['flag == 1', { flag: true }],
    ['order.total >= 5', { order: { total: 5 } }],
    ['order.total >= 5', { 'order.total': 5 }],
    ['name < "b"', { name: 'a\u{10000}' }],
    ['name >= "\uFFFF"', { name: '\u{10000}' }],
    ['not (value > 1 and value < 3)', { value: 2 }],
    ['value == 9007199254740991', { value: 9007199254740991 }],
    ['order.total == None', { order: [{ total: 1 }] }],
  ])('is equal to the reference for %s with %j', async (text, properties) => {
    const rule = parseOutcomeRule(text);
    expect(await evaluate([{ rule, properties }])).toEqual([matchesOutcome(rule, properties)]);
  });

  it('does not take a key for a position in a list', async () => {
    const rule: OutcomeRule = { kind: 'compare', path: 'list.0', operator: '==', literal: 1 };
    const cases = [
      { rule, properties: { list: [1] } },
      { rule, properties: { list: { 0: 1 } } },
    ];
    expect(await evaluate(cases)).toEqual([false, true]);
  });

  it('is equal to the reference for hostile paths, values and literals', async () => {
    const cases = fc
      .record({
        path,
        literal,
        other: literal,
        operator: fc.constantFrom('==', '<', '<=', '>', '>=', 'in', 'not'),
        isSame: fc.boolean(),
      })
      .map(({ path: at, literal: value, other, operator, isSame }) => {
        const compared = { kind: 'compare', path: at, literal: value } as const;
        const isOrdered = typeof value === 'string' || typeof value === 'number';
        const rule: OutcomeRule =
          operator === 'in'
            ? { kind: 'in', path: at, literals: [other, value] }
            : operator === 'not'
              ? { kind: 'not', rule: { ...compared, operator: '==' } }
              : { ...compared, operator: isOrdered ? operator : '==' };
        const properties = at
          .split('.')
          .reduceRight<unknown>(
            (inner, name) => Object.fromEntries([[name, inner]]),
            isSame ? value : other,
          );
        return { rule, properties };
      });
    await fc.assert(
      fc.asyncProperty(fc.array(cases, { minLength: 1, maxLength: 40 }), async (list) => {
        expect(await evaluate(list)).toEqual(
          list.map(({ rule, properties }) => matchesOutcome(rule, properties)),
        );
      }),
      { numRuns: 40, seed: SEED },
    );
  });
});
