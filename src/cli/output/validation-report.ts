import type { Problem } from '../../errors/spec-error.ts';
import type { Host } from '../host/host.ts';
import { createColour } from './colour.ts';
import { type Notice, printError, printNotices } from './problems.ts';
import { formatPlural } from '../../ui/figures.ts';

/** The result of validating one file. */
export interface ValidationReport {
  readonly file: string;
  /** Absent if the file could not be read or has problems. */
  readonly experiments?: number;
  readonly namespaces?: number;
  /** Absent if there are none. */
  readonly holdouts?: number;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Notice[];
  /** The reason if the file could not be read. */
  readonly error?: string;
}

/** Prints the problems and warnings of a file, and a line that counts them. */
export function printReport(host: Host, report: ValidationReport, text: string): void {
  const { file, problems, warnings, experiments, namespaces = 0, holdouts = 0, error } = report;
  if (error !== undefined) {
    printError(host.stderr, error);
    return;
  }
  printNotices(host.stdout, file, problems, text, 'error');
  printNotices(host.stdout, file, warnings, text, 'warning');
  const colour = createColour(host.stdout.colour);
  const counts = [
    experiments === undefined ? [] : [formatPlural(experiments, 'experiment')],
    namespaces === 0 ? [] : [formatPlural(namespaces, 'namespace')],
    holdouts === 0 ? [] : [formatPlural(holdouts, 'holdout')],
    problems.length === 0 ? [] : [colour.red(formatPlural(problems.length, 'problem'))],
    warnings.length === 0 ? [] : [colour.yellow(formatPlural(warnings.length, 'warning'))],
    problems.length + warnings.length === 0 ? [colour.green('no problems')] : [],
  ].flat();
  host.stdout.write(`${file}: ${counts.join(', ')}\n`);
}
