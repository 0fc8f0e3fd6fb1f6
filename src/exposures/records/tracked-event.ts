import type { TrackedEvent } from '../../assignment/listener.ts';
import { showValue } from '../../errors/show-value.ts';
import { copyJson } from '../../json/copy.ts';
import type { JsonValue } from '../../json/value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { Happening } from './recorder.ts';

/** The longest name of an event. */
const MAX_NAME = 200;

/** The longest JSON of an event's properties. */
const MAX_PROPERTIES = 16_000;

/**
 * Returns the arguments of `track()` in a form that can be recorded, or the problem. The properties are
 * copied, because the application may change its object later.
 */
export function readHappening({
  name,
  properties,
}: Pick<TrackedEvent, 'name'> & { readonly properties: unknown }):
  Omit<Happening, 'units'> | { readonly problem: string } {
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME) {
    return {
      problem: `the name must be a string of 1–${MAX_NAME} characters, not ${showValue(name)}`,
    };
  }
  if (properties === undefined) return { name, properties, bytes: 0 };
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    return { problem: `the properties must be an object, not ${showValue(properties)}` };
  }
  try {
    const copied = copyJson(properties);
    if ('problem' in copied) {
      const { path, message } = copied.problem;
      return { problem: `property ${path}: ${message}` };
    }
    const bytes = JSON.stringify(copied.json).length;
    if (bytes > MAX_PROPERTIES) {
      return {
        problem: `the properties are ${bytes} characters of JSON; the limit is ${MAX_PROPERTIES}`,
      };
    }
    return { name, properties: copied.json as Readonly<Record<string, JsonValue>>, bytes };
  } catch (thrown) {
    return { problem: `the properties can't be read: ${thrownMessage(thrown)}` };
  }
}
