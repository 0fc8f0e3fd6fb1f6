import type { AudienceTrace, Decision } from '../../assignment/explanation.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import type { ClauseTrace } from '../../rules/trace.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { allocationLegend } from '../../ui/charts/allocation-bar.ts';
import { bucketStrip } from '../../ui/charts/bucket-strip.ts';
import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import { variantColours } from '../../ui/variant-key.ts';

/** Renders the strip of the audience that decided, with the user's bucket. */
export function decidedStrip(decision: Decision, spec: ExperimentSpec): Html | '' {
  const { audience, bucket } = decision;
  const shares = audience === undefined ? undefined : spec.audiences[audience]?.allocations;
  if (shares === undefined) return '';
  const colours = variantColours(spec.variants.map(({ name }) => name));
  return html`<div class="fit">
      ${bucketStrip({
        shares,
        colours,
        buckets: spec.buckets ?? BUCKETS,
        ...(bucket !== undefined && { pin: bucket }),
      })}
    </div>
    ${allocationLegend(shares, colours)}`;
}

/** Renders the steps that led to a decision: each clause with its values, the identity and the bucket. */
export function decisionPath(decision: Decision, spec: ExperimentSpec | undefined): Html {
  const { audiences, overridden, holdout, error } = decision;
  const steps = [
    ...(overridden ? [step('An override decides; no rule was evaluated.')] : []),
    ...(holdout === undefined ? [] : [step(`The holdout ${holdout} decides.`)]),
    ...audiences.flatMap((one) => audienceSteps(one, audiences.length)),
    ...(spec === undefined ? [] : bucketSteps(decision, spec)),
    ...(error === undefined ? [] : [step(html`<span class="bad">${error}</span>`)]),
  ];
  return html`<ol class="time path">
    ${steps}
  </ol>`;
}

function step(text: Html | string, below: Html | string = ''): Html {
  return html`<li>${text}${below === '' ? '' : html`<div class="small">${below}</div>`}</li>`;
}

function audienceSteps({ audience, outcome, clauses, rule }: AudienceTrace, count: number): Html[] {
  if (outcome === 'fallback') return [step(count === 1 ? 'Everyone' : 'Everyone else')];
  const place = count > 1 ? html`<span class="quiet small">audience ${audience + 1}</span> ` : '';
  if (clauses.length === 0) return [step(html`${place}<code>${rule ?? ''}</code>`)];
  return clauses.map((clause) =>
    step(html`${place}<code>${clause.clause}</code>`, metValues(clause)),
  );
}

const SIGNS = { true: 'check', false: 'cross', error: 'alert' } as const;
const SIGN_WORDS = { true: 'true', false: 'false', error: 'failed' } as const;

function metValues({ outcome, values, segment }: ClauseTrace): Html {
  const met = Object.entries(values).map(([path, value]) => `${path} is ${JSON.stringify(value)}`);
  const words = [...(met.length === 0 ? [SIGN_WORDS[`${outcome}`]] : met)];
  if (segment !== undefined) words.push(`segment ${segment}`);
  const tone = outcome === true ? 'good' : outcome === 'error' ? 'bad' : 'quiet';
  return html`<span class="${tone}"
    >${icon(SIGNS[`${outcome}`], SIGN_WORDS[`${outcome}`])} ${words.join(', ')}</span
  >`;
}

/** The reasons why an identity of a list was not available, after its path. */
const SKIPPED = {
  none: 'is None',
  missing: 'is missing',
  'no-consent': 'is withheld without consent',
} as const;

function bucketSteps(decision: Decision, spec: ExperimentSpec): Html[] {
  const { identity, seed, bucket, allocation } = decision;
  const skipped = (identity?.skipped ?? []).map(({ path, reason }) =>
    step(html`<code>${path}</code> ${SKIPPED[reason]}`, 'the next identity is tried'),
  );
  if (bucket === undefined) {
    const only = decision.variant;
    const isWhole = decision.audience !== undefined && only !== undefined;
    return isWhole ? [...skipped, step(`Everyone in this audience gets ${only}.`)] : skipped;
  }
  const holds =
    allocation === undefined
      ? ''
      : `, which ${allocation.variant} has (${allocation.from}–${allocation.to})`;
  const what =
    spec.identity === RANDOM_IDENTITY
      ? 'Random on each request'
      : html`<code>${identity?.path ?? ''}</code> is "${identity?.text ?? ''}", seed
          <code>${seed ?? ''}</code>`;
  return [...skipped, step(what, `bucket ${bucket}${holds}`)];
}
