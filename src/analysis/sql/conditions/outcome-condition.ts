import type {
  OutcomeComparison,
  OutcomeLiteral,
  OutcomeRule,
} from '../../../rules/outcomes/outcome-rule.ts';
import type { SqlDialect } from '../dialects/sql-dialect.ts';

/** The origin of the properties of outcomes. */
export interface PropertySource {
  /** An expression with the JSON object of the properties; undefined if there are none. */
  readonly json: string | undefined;
  /** A column with the values of a path, instead of the JSON. */
  readonly column: (path: string) => string | undefined;
}

/** The properties of records that are called `r` and have a column `properties`. */
const PROPERTIES: PropertySource = { json: 'r.properties', column: () => undefined };

/**
 * Returns a rule over the properties of an outcome as a condition in SQL, which is never NULL. A missing
 * property and a JSON null are None. Texts, numbers, and True and False equal only values of their type, and
 * comparisons with values of other types are false.
 *
 * A column of the user's stands for a path whatever its type; its value is then compared as a text, as a
 * number or as True or False, whichever the literal is. The dialect `spark` has no types in JSON either: see
 * there.
 */
export function outcomeCondition(
  rule: OutcomeRule,
  dialect: SqlDialect,
  source: PropertySource = PROPERTIES,
): string {
  switch (rule.kind) {
    case 'and':
    case 'or': {
      if (rule.rules.length === 0) return rule.kind === 'and' ? '(1 = 1)' : '(1 = 0)';
      const parts = rule.rules.map((part) => outcomeCondition(part, dialect, source));
      return `(${parts.join(rule.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${outcomeCondition(rule.rule, dialect, source)})`;
    case 'in': {
      const { path } = rule;
      const equal = rule.literals.map((literal) =>
        comparison({ kind: 'compare', path, operator: '==', literal }, dialect, source),
      );
      return `(${equal.join(' OR ')})`;
    }
    case 'compare':
      return comparison(rule, dialect, source);
  }
}

function comparison(
  { path, operator, literal }: OutcomeComparison,
  dialect: SqlDialect,
  source: PropertySource,
): string {
  const column = source.column(path);
  if (column !== undefined) return columnComparison(column, operator, literal, dialect);
  const { json } = source;
  if (json === undefined) return literal === null && operator === '==' ? '(1 = 1)' : '(1 = 0)';
  const keys = path.split('.');
  if (literal === null) {
    return operator === '==' ? dialect.jsonIs('missing', json, keys) : '(1 = 0)';
  }
  const sign = operator === '==' ? '=' : operator;
  const compare = (kind: 'text' | 'number' | 'boolean', left: string, right: string): string =>
    `(${dialect.jsonIs(kind, json, keys)} AND coalesce(${left} ${sign} ${right}, false))`;
  switch (typeof literal) {
    case 'string':
      return compare(
        'text',
        dialect.byCodePoint(dialect.jsonText(json, keys)),
        dialect.text(literal),
      );
    case 'number':
      return compare('number', dialect.jsonNumber(json, keys), numberLiteral(literal, dialect));
    default:
      if (operator !== '==') return '(1 = 0)';
      return compare('boolean', dialect.jsonText(json, keys), `'${literal}'`);
  }
}

function columnComparison(
  column: string,
  operator: OutcomeComparison['operator'],
  literal: OutcomeLiteral,
  dialect: SqlDialect,
): string {
  const text = `CAST(${column} AS ${dialect.types.text})`;
  const sign = operator === '==' ? '=' : operator;
  switch (typeof literal) {
    case 'string':
      return `coalesce(${dialect.byCodePoint(text)} ${sign} ${dialect.text(literal)}, false)`;
    case 'number':
      return `coalesce(${dialect.toNumber(column)} ${sign} ${numberLiteral(literal, dialect)}, false)`;
    case 'boolean': {
      if (operator !== '==') return '(1 = 0)';
      const words = literal ? "'true', 't', '1'" : "'false', 'f', '0'";
      return `(lower(coalesce(${text}, '')) IN (${words}))`;
    }
    default:
      return operator === '==' ? `(${column} IS NULL)` : '(1 = 0)';
  }
}

/** A finite number in digits; a rule has no others. */
function numberLiteral(value: number, dialect: SqlDialect): string {
  const finite = Number.isFinite(value) ? value : 0;
  return `CAST(${dialect.text(String(finite))} AS ${dialect.types.real})`;
}
