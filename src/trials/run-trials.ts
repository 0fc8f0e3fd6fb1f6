import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { quote } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import type { MetricSpec } from '../specification/metric-types.ts';
import { specificationAt } from '../specification/schedule/schedule.ts';
import type { Specification } from '../specification/types.ts';
import type { PrepareContext } from '../workbench/contexts/prepare-context.ts';
import type { AnalysisPlan } from '../analysis/plan/analysis-plan.ts';
import { resolvePlan } from '../analysis/plan/resolve-plan.ts';
import { momentStatement } from '../analysis/sql/moment-statement.ts';
import { readMomentRows } from '../analysis/rows/read-moment-rows.ts';
import { analyseLooks } from './analyse-looks.ts';
import { makeTrial, type TrialSetup } from './make-trial.ts';
import { defaultRate, metricModel } from './metric-model.ts';
import { checkDesign, plannedEnd, type TrialDesign } from './trial-design.ts';
import { trialEngine } from './trial-engine.ts';
import { type TrialReport, TrialTally } from './trial-report.ts';

/** The surroundings of a simulation. */
export interface TrialOptions {
  /** Converts the values of the context, such as versions. Default: they stay as they are. */
  readonly prepare?: PrepareContext;
  /** Abort it to end with the experiments so far. */
  readonly signal?: AbortSignal;
  /** Gets the number of finished experiments. */
  readonly onProgress?: (runs: number) => void;
}

/**
 * Simulates experiments through the whole path: the specification decides, records are written to a file
 * as an application writes them, the engine reads them, and the analysis reports a result for each look.
 * One experiment is in memory and on the disk at a time.
 *
 * @throws OptionError (`option`) for a design that can't be simulated
 * @throws AnalysisError (`analysis`) if the analysis fails
 */
export async function runTrials(
  specification: Specification,
  design: TrialDesign,
  { prepare = (context) => context, signal, onProgress }: TrialOptions = {},
): Promise<TrialReport> {
  checkDesign(design);
  const plan = trialPlan(specification, design);
  const setup: TrialSetup = {
    specification: specificationAt(specification, design.start),
    design,
    metrics: plan.metrics.map(({ spec }, i) => {
      const lift = design.effects[i]?.lift ?? 0;
      return { spec, lift, model: metricModel(spec, design.rate ?? defaultRate(spec), lift) };
    }),
    control: plan.control,
    preMs: plan.preMs,
    end: plan.until,
    prepare,
  };
  const treatments = plan.compared.filter((variant) => variant !== plan.control);
  const tally = new TrialTally(design, plan.control, treatments);
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-simulate-'));
  const path = join(folder, 'records.ndjson');
  const isStopped = (): boolean => signal?.aborted === true;
  const turn = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  try {
    for (let run = 0; run < design.runs && !isStopped(); run++) {
      const units = await makeTrial(setup, run, path, turn);
      tally.add(await analyseFile(plan, path, units, signal));
      onProgress?.(run + 1);
    }
  } catch (error) {
    // An experiment that was cut short does not count.
    if (!isStopped()) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.report();
}

/** Returns the plan of the last look. Each metric decides by itself. */
function trialPlan(specification: Specification, design: TrialDesign): AnalysisPlan {
  const metrics = design.effects.map(({ metric }) => metric);
  const options = { metrics, segments: [], timeLine: design.looks > 1 };
  const draft = resolvePlan(specification, design.experiment, { ...options, now: design.start });
  const windows = draft.metrics.map(({ spec }) => spec.delayMs + (spec.windowMs ?? 0));
  const until = plannedEnd(design, Math.max(0, ...windows));
  const plan = resolvePlan(specification, design.experiment, { ...options, now: until });
  const byName = new Map(plan.metrics.map((metric) => [metric.spec.name, metric.spec]));
  checkOutcomes([...byName.values()]);
  return {
    ...plan,
    // In the order of the effects. A guardrail is tested on one side only, so it could not show an effect.
    metrics: metrics.flatMap((name) => {
      const spec = byName.get(name);
      return spec === undefined ? [] : [{ spec, role: 'primary' as const }];
    }),
  };
}

/** Refuses metrics that count the same outcome: an effect on one of them would change the other. */
function checkOutcomes(specs: readonly MetricSpec[]): void {
  const owners = new Map<string, string>();
  for (const { name, outcomes } of specs) {
    for (const outcome of outcomes) {
      const owner = owners.get(outcome) ?? name;
      owners.set(outcome, owner);
      if (owner === name) continue;
      throw new OptionError(
        `metrics ${quote(owner)} and ${quote(name)} count the same outcome ${quote(outcome)}; simulate them one after the other`,
      );
    }
  }
}

async function analyseFile(
  plan: AnalysisPlan,
  path: string,
  units: number,
  signal: AbortSignal | undefined,
) {
  const engine = trialEngine(path);
  try {
    const statement = momentStatement(plan, engine.dialect, engine.sources);
    const rows = await engine.query(statement, signal === undefined ? {} : { signal });
    return analyseLooks(plan, readMomentRows(rows, plan), units);
  } finally {
    await engine.close();
  }
}
