import { PlanoutError } from '../../errors/planout-error.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { copyJson } from '../../json/copy.ts';
import type { JsonValue } from '../../json/value.ts';
import { isThenable, watchRejection } from '../../runtime/thenable.ts';
import { MAX_TEXT } from '../limits.ts';
import type { OperatorArguments } from '../operator-set.ts';

/**
 * Calls a function of the application with copies of the arguments, and returns a frozen copy of its
 * result.
 *
 * @throws PlanoutError `operator` for arguments or a result that are not JSON or too large, for a promise,
 *   and for an error that the function throws, which is the cause
 */
export function callOperator(
  operator: string,
  values: Readonly<Record<string, unknown>>,
  call: (args: OperatorArguments) => unknown,
): JsonValue {
  const args = copyArguments(operator, values);
  let result: ReturnType<typeof copyResult>;
  try {
    result = copyResult(call(args));
  } catch (thrown) {
    const reason = `its function failed: ${thrownMessage(thrown)}`;
    throw new PlanoutError('operator', reason, { operator }, undefined, { cause: thrown });
  }
  if ('problem' in result) throw new PlanoutError('operator', result.problem, { operator });
  return result.json;
}

function copyArguments(
  operator: string,
  values: Readonly<Record<string, unknown>>,
): OperatorArguments {
  // Without a prototype, so that an argument that is not given is undefined, whatever its name.
  const args: Record<string, JsonValue> = Object.create(null);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const copied = copyJson(value, `the argument ${name}`);
    if ('problem' in copied) {
      const { message, path } = copied.problem;
      throw new PlanoutError('operator', placed(message, path), { operator, parameter: name });
    }
    args[name] = copied.json;
  }
  return Object.freeze(args);
}

/** Returns a frozen copy of a result, or the reason why it can't be used. */
function copyResult(result: unknown): { readonly json: JsonValue } | { readonly problem: string } {
  if (isThenable(result)) {
    watchRejection(result, () => {});
    return {
      problem:
        'its function returned a promise; make it synchronous, and pass awaited values as inputs',
    };
  }
  const copied = copyJson(result, 'the returned value');
  if ('problem' in copied) return { problem: placed(copied.problem.message, copied.problem.path) };
  if (textLength(copied.json) > MAX_TEXT) {
    return { problem: `the returned value contains more than ${MAX_TEXT} characters of text` };
  }
  return copied;
}

/** Adds the place in a value to a message about it. */
function placed(message: string, path: string): string {
  return path === '' ? message : `${message} (at ${path})`;
}

/** Returns the number of characters of all texts and keys in a value. */
function textLength(value: JsonValue): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  for (const [key, item] of Object.entries(value)) length += key.length + textLength(item);
  return length;
}
