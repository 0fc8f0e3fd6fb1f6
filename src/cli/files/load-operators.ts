import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { showValue } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { member } from '../../json/own.ts';
import { isOperatorSet, type OperatorSet } from '../../planout/operator-set.ts';
import { within } from '../../runtime/within.ts';
import type { Host } from '../host/host.ts';

/** The time for loading the module, which may await something that never comes, in milliseconds. */
const LOAD_MS = 10_000;

/**
 * Loads the custom operators of scripts from a module of the application: its export `operators` or
 * `default`. This runs the module.
 *
 * @param path relative to the host's directory
 * @throws OptionError (`option`) if the module can't be loaded in 10 s, or does not export a set of
 *   operators
 */
export async function loadOperators(host: Host, path: string): Promise<OperatorSet> {
  const url = pathToFileURL(resolve(host.cwd, path)).href;
  let loaded: unknown;
  try {
    loaded = await within(import(url), LOAD_MS, late);
  } catch (error) {
    throw new OptionError(`--operators ${path} can't be loaded: ${thrownMessage(error)}`, {
      cause: error,
    });
  }
  // A CommonJS module's exports are the default export.
  const main = member(loaded, 'default');
  const found = [member(loaded, 'operators'), main, member(main, 'operators')].find(isOperatorSet);
  if (found !== undefined) return found;
  throw new OptionError(
    `--operators ${path} must export a set of operators, not ${showValue(main)}; ` +
      'write: export const operators = registerOperators({ … })',
  );
}

function late(): Error {
  return new Error(`it was still loading after ${LOAD_MS / 1000} s; await nothing in the module`);
}
