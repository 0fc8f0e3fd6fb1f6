import { thrownMessage } from '../errors/thrown.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { isThenable, watchRejection } from '../runtime/thenable.ts';
import type { Board } from './frame/visit.ts';
import type { DashboardOptions } from './options.ts';

/** Stands for a value that the application hides. */
const HIDDEN = 'hidden';

/**
 * Returns the function that shows context values: those of the listed paths, and of paths below them, are
 * hidden; a function of the application decides itself. If it fails, the value is hidden.
 */
export function redactor(
  redact: NonNullable<DashboardOptions['redact']>,
  once: OnceLogger,
): Board['redact'] {
  if (typeof redact !== 'function') {
    return (path, value) =>
      redact.some((one) => path === one || path.startsWith(`${one}.`)) ? HIDDEN : value;
  }
  return (path, value) => {
    try {
      const shown = redact(path, value);
      if (!isThenable(shown)) return shown;
      watchRejection(shown, () => {});
      throw new TypeError('it returned a promise');
    } catch (thrown) {
      once.error(
        'dashboard redact',
        `evenhand: dashboard(): the function "redact" failed, so the value is hidden: ${thrownMessage(thrown)}`,
      );
      return HIDDEN;
    }
  };
}
