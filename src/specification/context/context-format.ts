import { didYouMean } from '../../errors/did-you-mean.ts';
import { showValue } from '../../errors/show-value.ts';
import { ANY, DATE, type RuleType, STRING, VERSION } from '../../rules/types/types.ts';

/** The values that JSON writes as a string with a format, and that rules compare with text. */
const FORMATS = new Map<unknown, RuleType>([
  ['version', VERSION],
  ['date', DATE],
  ['date-time', DATE],
]);

/**
 * Returns the type of the strings of a schema: that of its `format`, if it has one.
 *
 * @param declared the types that the schema allows
 */
export function formatOf(
  schema: { readonly [keyword: string]: unknown },
  declared: RuleType,
): { readonly type: RuleType; readonly problem?: string } {
  if (!Object.hasOwn(schema, 'format')) return { type: STRING };
  const { format } = schema;
  const type = FORMATS.get(format);
  if (type === undefined) {
    const known = [...FORMATS.keys()].map(String);
    const meant = typeof format === 'string' ? didYouMean(format, known) : undefined;
    const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`;
    return { type: ANY, problem: `unknown format ${showValue(format)}; ${hint}` };
  }
  if (declared.some(({ kind }) => kind === 'string' || kind === 'any')) return { type };
  return { type, problem: `format ${showValue(format)} needs "type": "string"` };
}
