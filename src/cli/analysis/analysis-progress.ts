import type { AnalysisStep } from '../../analysis/analyze-options.ts';
import type { Host } from '../host/host.ts';
import { startProgress } from '../output/progress.ts';

/** The part of the work before each step, and of the step itself. Most time goes into reading the records. */
const STEPS: Readonly<Record<AnalysisStep, readonly [before: number, own: number]>> = {
  checksums: [0, 0.1],
  records: [0.1, 0.7],
  'time-line': [0.8, 0.15],
  statistics: [0.95, 0.05],
};

/** Shows the progress of an analysis on stderr. */
export function analysisProgress(host: Host): {
  readonly onProgress: (step: AnalysisStep, share: number) => void;
  readonly end: () => void;
} {
  const progress = startProgress(host, 'analyzing', 1);
  return {
    onProgress(step, share) {
      const [before, own] = STEPS[step];
      progress.update(before + own * share);
    },
    end: () => progress.end(),
  };
}
