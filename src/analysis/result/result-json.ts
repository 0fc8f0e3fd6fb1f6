import type { Result } from './result.ts';

/**
 * Returns a result as JSON text, in the format of `evenhand/analysis-result.schema.json`.
 *
 * @param space the indentation of each level, as of `JSON.stringify()`. Default: none
 */
export function resultJson(result: Result, space?: number | string): string {
  return JSON.stringify(result, null, space);
}
