import { resultMarkdown } from '../../analysis/output/result-markdown.ts';
import { resultPage, type ResultPageOptions } from '../../analysis/output/result-page.ts';
import type { Result } from '../../analysis/result/result.ts';
import { writeFileAtomically } from '../../sources/file/write-file.ts';
import type { Host } from '../host/host.ts';
import { resultText } from '../output/analysis/result-text.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import type { AnalyzeArguments } from './analyze-arguments.ts';

/** An HTML page to write. */
export interface PageTarget {
  /** Absolute. */
  readonly path: string;
  /** The path as the user gave it. */
  readonly shown: string;
  readonly statement?: NonNullable<ResultPageOptions['statement']>;
}

/** Prints a result as text, Markdown or JSON, and writes its page. */
export function showResult(
  host: Host,
  result: Result,
  { json, markdown }: AnalyzeArguments,
  page?: PageTarget,
): void {
  if (page !== undefined) {
    const { path, shown, statement } = page;
    const origin = `npx evenhand analyze, ${host.now().toISOString().slice(0, 'yyyy-mm-dd'.length)}`;
    const text = resultPage(result, { origin, ...(statement !== undefined && { statement }) });
    writeFileAtomically(path, text, { shown });
  }
  if (json) printJson(host, result);
  else if (markdown) host.stdout.write(resultMarkdown(result));
  else {
    const { colour, isTTY, columns } = host.stdout;
    host.stdout.write(
      resultText(result, { colour: createColour(colour), ...(isTTY && { width: columns }) }),
    );
  }
}
