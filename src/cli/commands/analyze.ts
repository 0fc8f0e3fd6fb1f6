import { analyze } from '../../analysis/analyze.ts';
import type { AnalyzeOptions } from '../../analysis/analyze-options.ts';
import { hasFindings } from '../../analysis/output/words.ts';
import type { Result } from '../../analysis/result/result.ts';
import { addAnalyzeOptions, type AnalyzeArguments } from '../analysis/analyze-arguments.ts';
import { analysisProgress } from '../analysis/analysis-progress.ts';
import { assertMetrics } from '../analysis/assert-metrics.ts';
import { ownTables, usualTables } from '../analysis/own-tables.ts';
import { pickSubject } from '../analysis/pick-subject.ts';
import { planArguments, resultArguments } from '../analysis/plan-arguments.ts';
import { readRowFiles } from '../analysis/read-row-files.ts';
import { type PageTarget, showResult } from '../analysis/show-result.ts';
import { type Statement, statementOf } from '../analysis/statement.ts';
import { withEngine } from '../analysis/with-engine.ts';
import { checkWritable, outputPath } from '../arguments/output-path.ts';
import { type ConfigFile, loadConfig } from '../files/config-file.ts';
import type { Command } from '../host/command.ts';
import { FOUND, INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { printError } from '../output/problems.ts';

/** `analyze`: says whether an experiment worked, from its recorded exposures and outcomes. */
export const analyzeCommand: Command = {
  name: 'analyze',
  register(program, host) {
    const command = program
      .command('analyze')
      .description('says whether an experiment worked, from recorded exposures and outcomes')
      .argument('[experiment]', 'the experiment (default: the only one with an "analysis")');
    addAnalyzeOptions(command).action(
      async (name: string | undefined, options: AnalyzeArguments) => {
        await run(host, name, options);
      },
    );
  },
};

async function run(host: Host, name: string | undefined, options: AnalyzeArguments): Promise<void> {
  const config = await loadConfig(host, options.file);
  const experiment = pickSubject(config, name);
  assertMetrics(config, experiment);
  if (options.sql !== undefined) {
    const sources = ownTables(host, options) ?? usualTables(options.sql, options);
    const { sql } = statementOf(host, config, experiment, options, {
      dialect: options.sql,
      sources,
    });
    host.stdout.write(`${sql}\n`);
    return;
  }
  const page = pageTarget(host, config, options);
  const computed = await compute(host, config, experiment, options);
  if (computed === undefined) {
    printError(host.stderr, 'the analysis was interrupted before there was a result');
    host.setExitCode(INTERRUPTED);
    return;
  }
  const { result, statement } = computed;
  showResult(
    host,
    result,
    options,
    page && { ...page, ...(statement !== undefined && { statement }) },
  );
  if (hasFindings(result)) host.setExitCode(FOUND);
  if (host.interruption().aborted) host.setExitCode(INTERRUPTED);
}

/** Checks the path of the page before anything is computed. */
function pageTarget(
  host: Host,
  config: ConfigFile,
  { html }: AnalyzeArguments,
): PageTarget | undefined {
  if (html === undefined) return undefined;
  const path = outputPath(host, '--html', html, config);
  checkWritable(path, html);
  return { path, shown: html };
}

/** Computes the result, and the statement if there is one; undefined if Ctrl-C came before there was a result. */
async function compute(
  host: Host,
  config: ConfigFile,
  experiment: string,
  options: AnalyzeArguments,
): Promise<{ readonly result: Result; readonly statement?: Statement } | undefined> {
  const shared = { ...planArguments(options), ...resultArguments(options) };
  const signal = host.interruption();
  const progress = analysisProgress(host);
  const analyzeWith = (more: Partial<AnalyzeOptions>): Promise<Result> =>
    analyze({
      specification: config.specification,
      experiment,
      now: host.now(),
      signal,
      onProgress: progress.onProgress,
      ...shared,
      ...more,
    });
  try {
    if (options.rows !== undefined) {
      return { result: await analyzeWith({ rows: readRowFiles(host, options.rows) }) };
    }
    return await withEngine(host, options, signal, async (open) => {
      const result = await analyzeWith(open);
      const { engine, sources = engine.sources ?? usualTables(engine.dialect, options) } = open;
      const { checksum } = result;
      const { dialect } = engine;
      const parts = { dialect, sources, checksum };
      return { result, statement: statementOf(host, config, experiment, options, parts) };
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    progress.end();
  }
}
