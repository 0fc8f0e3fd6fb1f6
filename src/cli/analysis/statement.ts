import { analysisSql } from '../../analysis/analysis-sql.ts';
import type { Dialect, RecordSources } from '../../analysis/engine.ts';
import type { ResultPageOptions } from '../../analysis/output/result-page.ts';
import type { ConfigFile } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';
import type { AnalyzeArguments } from './analyze-arguments.ts';
import { planArguments } from './plan-arguments.ts';

/** A statement that computes everything which an analysis needs. */
export type Statement = NonNullable<ResultPageOptions['statement']>;

/** The database of a statement, and the exposures if their checksum is known. */
interface StatementParts {
  readonly dialect: Dialect;
  readonly sources: RecordSources;
  /** Default: that of `--checksum`, or of the specification. */
  readonly checksum?: string;
}

/**
 * Returns the statement of an analysis.
 *
 * @throws AnalysisError (`analysis`) if the experiment can't be analysed in this way
 */
export function statementOf(
  host: Host,
  { specification }: ConfigFile,
  experiment: string,
  options: AnalyzeArguments,
  { dialect, sources, checksum }: StatementParts,
): Statement {
  const sql = analysisSql({
    ...planArguments(options),
    ...(checksum !== undefined && { checksum }),
    specification,
    experiment,
    dialect,
    sources,
    now: host.now(),
  });
  return { dialect, sql };
}
