import { resolve } from 'node:path';
import type { EngineRow } from '../../analysis/engine.ts';
import { parseRowFile } from '../../analysis/rows/parse-row-file.ts';
import { AnalysisError } from '../../errors/analysis-error.ts';
import { readText } from '../../sources/file/unreadable.ts';
import type { Host } from '../host/host.ts';

/**
 * Reads the rows of `--rows`, one list for each file.
 *
 * @throws SourceError (`source`) if a file can't be read
 * @throws AnalysisError (`analysis`) if a file has no rows; the message names it
 */
export function readRowFiles(
  host: Host,
  files: readonly string[],
): readonly (readonly EngineRow[])[] {
  return files.map((file) => {
    const text = readText(resolve(host.cwd, file), file);
    try {
      return parseRowFile(text);
    } catch (error) {
      if (!(error instanceof AnalysisError)) throw error;
      throw new AnalysisError(`${file}: ${error.message}`, { cause: error });
    }
  });
}
