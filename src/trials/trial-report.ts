import type { PlantedEffect, TrialDesign } from './trial-design.ts';
import type { RunResult } from './analyse-looks.ts';
import { ComparisonTally, type CountedShare, countedShare, type MethodReport } from './tally.ts';

/** The version of the format of {@link TrialReport} as JSON. */
const REPORT_VERSION = 1;

/** The results of simulated experiments, as plain data. */
export interface TrialReport {
  readonly version: typeof REPORT_VERSION;
  readonly experiment: string;
  readonly control: string;
  /** The number of finished experiments, and that which was asked for. */
  readonly runs: number;
  readonly plannedRuns: number;
  /** True if the simulation was stopped before its end. */
  readonly partial: boolean;
  readonly units: number;
  readonly looks: number;
  readonly seed: number;
  /** The runs whose sample-ratio test failed, at p < 0.001. */
  readonly splitAlarms: CountedShare;
  readonly comparisons: readonly ComparisonReport[];
}

/** One metric of one treatment, over all runs. */
export interface ComparisonReport {
  readonly metric: string;
  readonly variant: string;
  /** The planted effect, as a share of the control's value. */
  readonly planted: number;
  /** The mean of the estimates, with its 95% interval. */
  readonly estimate: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** The mean of 1 − variance with CUPED / variance without. */
  readonly varianceReduction: number | null;
  readonly methods: readonly MethodReport[];
}

/** Adds up runs. */
export class TrialTally {
  private runs = 0;
  private splitAlarms = 0;
  private readonly design: TrialDesign;
  private readonly control: string;
  private readonly cells: readonly {
    readonly effect: PlantedEffect;
    readonly treatments: readonly { readonly variant: string; readonly tally: ComparisonTally }[];
  }[];

  /** Makes empty counts for the effects of a design. */
  constructor(design: TrialDesign, control: string, treatments: readonly string[]) {
    this.design = design;
    this.control = control;
    this.cells = design.effects.map((effect) => ({
      effect,
      treatments: treatments.map((variant) => ({
        variant,
        tally: new ComparisonTally(effect.lift),
      })),
    }));
  }

  /** Adds one experiment. */
  add({ isSplitOff, comparisons }: RunResult): void {
    this.runs++;
    if (isSplitOff) this.splitAlarms++;
    for (const [m, { treatments }] of this.cells.entries()) {
      for (const [t, { tally }] of treatments.entries()) {
        const figures = comparisons[m]?.[t];
        if (figures !== undefined) tally.add(figures);
      }
    }
  }

  /** Returns the results. */
  report(): TrialReport {
    const { design, runs } = this;
    return {
      version: REPORT_VERSION,
      experiment: design.experiment,
      control: this.control,
      runs,
      plannedRuns: design.runs,
      partial: runs < design.runs,
      units: design.units,
      looks: design.looks,
      seed: design.seed,
      splitAlarms: countedShare(this.splitAlarms, runs),
      comparisons: this.cells.flatMap(({ effect, treatments }) =>
        treatments.map(({ variant, tally }) => ({
          metric: effect.metric,
          variant,
          planted: effect.lift,
          estimate: tally.estimate,
          varianceReduction: tally.varianceReduction,
          methods: tally.reports(),
        })),
      ),
    };
  }
}
