import { member } from '../../json/own.ts';
import { isObject } from '../../options/check-options.ts';

/** Returns the value of `context` if it is an object. The schema reports any other value. */
export function declaredContext(data: unknown): object | undefined {
  const schema = Array.isArray(data) ? undefined : member(data, 'context');
  return isObject(schema) ? schema : undefined;
}
