import { member } from '../../json/own.ts';

/** The value of `context`; undefined where there is none: what is no object is a finding of the schema's. */
export function declaredContext(data: unknown): object | undefined {
  const schema = Array.isArray(data) ? undefined : member(data, 'context');
  const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
  return isObject ? schema : undefined;
}
