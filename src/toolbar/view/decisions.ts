import type { AudienceTrace, Decision } from '../../assignment/explanation.ts';
import type { CompiledExperiment } from '../../assignment/experiment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import {
  explainQuietly,
  NOT_DECIDED,
  type QuietDecision,
} from '../../express/inspection/explain-quietly.ts';
import type { Asked, Inspection } from '../../express/inspection/inspection.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import type { ClauseTrace } from '../../rules/trace.ts';
import type { Shown } from '../../rules/values/show.ts';
import { viewExperiment } from './experiments.ts';
import { type ExposureFacts, viewExposure } from './exposure-reasons.ts';
import { notesFor } from './notes.ts';
import { reasonFor } from './reasons.ts';
import type { Redactor } from './redactor.ts';
import { attempt, cut, firstLine } from './texts.ts';
import type { ViewedDecision } from './toolbar-view.ts';

/** The parts that the decisions of one request share. */
export interface DecisionSetup {
  readonly inspection: Inspection;
  readonly redactor: Redactor;
  /** Hides values in the message of an error. */
  readonly hideIn: (message: string) => string;
  readonly facts: ExposureFacts;
  /** True if overrides are not switched off. */
  readonly canForce: boolean;
}

/** The most calls, audiences and clauses of a decision. */
const MAX_CALLS = 10;
const MAX_AUDIENCES = 40;
const MAX_CLAUSES = 40;

/** The most characters of a rule or a clause. */
const MAX_SOURCE = 1000;

/** Returns a decision as it is shown. Never throws. */
export function viewDecision(asked: Asked, setup: DecisionSetup): ViewedDecision {
  return attempt(
    () => explained(asked, setup),
    () => unexplained(asked, setup, "the reasons can't be shown"),
  );
}

function explained(asked: Asked, setup: DecisionSetup): ViewedDecision {
  const { inspection, redactor, facts } = setup;
  const { snapshot, participant } = inspection;
  const quiet = explainQuietly(inspection, asked);
  if (quiet === undefined || snapshot === undefined || participant === undefined) {
    return unexplained(asked, setup, asked.error ?? NOT_DECIDED);
  }
  const { outcome, experiment } = quiet;
  const decision = withoutHidden(quiet.decision, setup);
  const isGranted = inspection.granted.has(asked.name);
  const isBad = experiment === undefined || decision.error !== undefined;
  const noted = { asked, decision, outcome, experiment, snapshot, participant };
  return {
    ...frameOf(asked, setup, experiment),
    variant: variantOf(experiment, outcome, setup),
    why: reasonFor(decision, outcome, isGranted),
    tone: decision.overridden ? 'forced' : isBad ? 'bad' : 'plain',
    isForced: decision.overridden,
    audiences: decision.audiences.slice(0, MAX_AUDIENCES).map((one) => redacted(one, redactor)),
    identity: identityOf(quiet, redactor),
    seed: wasSplit(outcome) ? cut(decision.seed ?? '') : undefined,
    strip: stripOf(outcome),
    notes: notesFor(noted),
    exposure: viewExposure(asked, outcome, facts),
  };
}

/** Returns a decision whose messages show no hidden value. */
function withoutHidden(decision: Decision, { hideIn }: DecisionSetup): Decision {
  const hide = <Part extends { readonly error?: string }>(part: Part): Part =>
    part.error === undefined ? part : { ...part, error: hideIn(part.error) };
  return { ...hide(decision), audiences: decision.audiences.map(hide) };
}

/** Returns a decision without its reasons. */
function unexplained(asked: Asked, setup: DecisionSetup, why: string): ViewedDecision {
  const experiment = setup.inspection.snapshot?.setup.experiments.get(asked.name);
  return {
    ...frameOf(asked, setup, experiment),
    variant: undefined,
    why: firstLine(setup.hideIn(why)),
    tone: 'bad',
    isForced: false,
    audiences: [],
    identity: undefined,
    seed: undefined,
    strip: undefined,
    notes: [],
    exposure: viewExposure(asked, undefined, setup.facts),
  };
}

function frameOf(
  { name, calls }: Asked,
  { canForce, inspection }: DecisionSetup,
  experiment: CompiledExperiment | undefined,
): Pick<ViewedDecision, 'experiment' | 'name' | 'calls' | 'canForce'> {
  return {
    experiment: experiment && viewExperiment(experiment.spec, isHoldout(experiment, inspection)),
    name: cut(name),
    calls: viewCalls(calls),
    canForce: canForce && experiment !== undefined,
  };
}

/** Returns calls as they are shown. Those of views have no object in front. */
export function viewCalls(calls: Iterable<string>): string[] {
  return Array.from(calls)
    .slice(0, MAX_CALLS)
    .map((call) => (/^(?:req\.|require)/.test(call) ? call : `${call} in a view`));
}

function isHoldout(experiment: CompiledExperiment, { snapshot }: Inspection): boolean {
  return snapshot?.setup.experiments.holdout(experiment.name) === experiment;
}

function variantOf(
  experiment: CompiledExperiment | undefined,
  outcome: Outcome | undefined,
  { inspection }: DecisionSetup,
): ViewedDecision['variant'] {
  if (experiment === undefined || outcome?.variant === undefined) return undefined;
  const { variants } = viewExperiment(experiment.spec, isHoldout(experiment, inspection));
  return variants.find(({ name }) => name === outcome.variant);
}

/** Returns true if the identity decided: by a bucket, or by a variant that it keeps. */
function wasSplit(outcome: Outcome | undefined): outcome is Outcome {
  return outcome?.bucket !== undefined || outcome?.reason === 'sticky';
}

function identityOf(
  { decision, outcome }: QuietDecision,
  redactor: Redactor,
): ViewedDecision['identity'] {
  if (!wasSplit(outcome) || decision.identity === undefined) return undefined;
  const path = outcome.identityPath ?? decision.identity.path;
  const { unit } = outcome;
  return { path: cut(path), text: unit === undefined ? undefined : redactor.unit(path, unit) };
}

function stripOf(outcome: Outcome | undefined): ViewedDecision['strip'] {
  const audience = outcome?.audience;
  if (audience === undefined || audience.only !== undefined) return undefined;
  const shares = audience.spec.allocations.map(({ variant, percent }) => ({ variant, percent }));
  return { shares, bucket: outcome?.bucket, buckets: outcome?.experiment.spec.buckets ?? BUCKETS };
}

function redacted(trace: AudienceTrace, redactor: Redactor): AudienceTrace {
  const { audience, rule, outcome, clauses, error } = trace;
  return {
    audience,
    ...(rule === undefined ? {} : { rule: cut(rule, MAX_SOURCE) }),
    outcome,
    clauses: clauses.slice(0, MAX_CLAUSES).map((clause) => redactedClause(clause, redactor)),
    ...(error === undefined ? {} : { error: firstLine(error) }),
  };
}

function redactedClause(clause: ClauseTrace, redactor: Redactor): ClauseTrace {
  const values = Object.entries(clause.values).map(([path, value]): [string, Shown] => [
    cut(path),
    isVariantOrSegment(path) ? value : redactor.shownAs(path, value),
  ]);
  return { ...clause, clause: cut(clause.clause, MAX_SOURCE), values: Object.fromEntries(values) };
}

/** Returns true for a name that stands for another decision or rule: its value is not of the context. */
function isVariantOrSegment(path: string): boolean {
  return /^(?:experiments|segments)\s*\./.test(path);
}
