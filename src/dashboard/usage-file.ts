import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { thrownMessage } from '../errors/thrown.ts';
import { isObject } from '../options/check-options.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import type { UsageReport } from '../workbench/usage/usage-report.ts';

/** The most bytes of a report. */
const MAX_BYTES = 20_000_000;

/** The time between two looks at the file, in milliseconds. */
const LOOK_MS = 5000;

/**
 * Returns a function that returns the report in a file, which `npx evenhand usage --json` has written. It
 * looks for a newer file in the background. A file that can't be read is logged once, and the report is not
 * known then.
 *
 * @param now returns the time in milliseconds
 */
export function usageFile(
  path: string,
  once: OnceLogger,
  now: () => number,
): () => UsageReport | undefined {
  let report: UsageReport | undefined;
  let version = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isReading = false;

  const look = async (): Promise<void> => {
    isReading = true;
    try {
      const { mtimeMs, size } = await stat(path);
      const found = `${mtimeMs} ${size}`;
      if (found === version) return;
      version = found;
      report = undefined;
      report = await read(path, size);
    } catch (thrown) {
      report = undefined;
      once.error(
        'dashboard usage',
        `evenhand: dashboard(): option "usage": ${JSON.stringify(path)} can't be read, so pages do not name the places in the code; write it with "npx evenhand usage --json": ${thrownMessage(thrown)}`,
      );
    } finally {
      isReading = false;
    }
  };

  const lookNow = (): void => {
    if (isReading || Math.abs(now() - lookedAt) < LOOK_MS) return;
    lookedAt = now();
    void look();
  };

  lookNow();
  return () => {
    lookNow();
    return report;
  };
}

async function read(path: string, size: number): Promise<UsageReport> {
  if (!statSync(path).isFile()) throw new Error('it is not a file');
  if (size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
  const report: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!isReport(report)) throw new Error('it is not the output of "npx evenhand usage --json"');
  return report;
}

function isReport(report: unknown): report is UsageReport {
  return (
    isObject(report) &&
    typeof report['files'] === 'number' &&
    isListOf(
      report['experiments'],
      (one) => typeof one['name'] === 'string' && arePlaces(one['places']),
    ) &&
    arePlaces(report['unknown']) &&
    arePlaces(report['dynamic'])
  );
}

function arePlaces(places: unknown): boolean {
  return isListOf(places, ({ file, line }) => typeof file === 'string' && typeof line === 'number');
}

function isListOf(list: unknown, accepts: (one: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(list) && list.every((one) => isObject(one) && accepts(one));
}
