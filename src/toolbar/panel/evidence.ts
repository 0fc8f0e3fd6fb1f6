import type { AudienceTrace } from '../../assignment/explanation.ts';
import type { ClauseTrace } from '../../rules/trace.ts';
import { bucketStrip } from '../../ui/charts/bucket-strip.ts';
import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type { ViewedDecision } from '../view/toolbar-view.ts';
import { count, cut, when } from './markup.ts';

/** The most clauses, and the most characters of one. */
const MAX_CLAUSES = 40;
const MAX_CLAUSE = 300;

/** The most allocations in a strip; more have no place in it. */
const MAX_SHARES = 100;

const STRIP_HEIGHT = 16;

/** Renders the reasons of a decision: clauses, identity and bucket. */
export function evidence(decision: ViewedDecision): Html {
  const { audiences, isForced } = decision;
  if (isForced && audiences.length === 0)
    return html`<p class="tiny quiet">Forced by an override; no rule was evaluated.</p>`;
  return html`${audienceSteps(audiences)}${identityLine(decision)}${strip(decision)}`;
}

function audienceSteps(audiences: readonly AudienceTrace[]): Html | '' {
  // A fallback audience that nobody else precedes takes everyone; the reason says so.
  if (audiences.every(({ outcome }) => outcome === 'fallback')) return '';
  const many = audiences.length > 1;
  let left = MAX_CLAUSES;
  const steps = audiences.slice(0, MAX_CLAUSES).map((audience) => {
    const clauses = audience.clauses.slice(0, Math.max(0, left));
    left -= audience.clauses.length;
    return html`${when(many && audience.outcome !== 'fallback', () => audienceLine(audience))}${clauses.map(clauseStep)}${audienceEnd(audience)}`;
  });
  left -= Math.max(0, audiences.length - MAX_CLAUSES);
  const rest = left < 0 ? html`<li class="tiny quiet">${count(-left, 'more step')}</li>` : '';
  return html`<ul class="steps">
    ${steps}${rest}
  </ul>`;
}

const AUDIENCE_WORDS: Readonly<Record<AudienceTrace['outcome'], string>> = {
  matched: 'matches',
  'not-matched': 'does not match',
  error: 'failed',
  fallback: '',
};

function audienceLine({ audience, outcome }: AudienceTrace): Html {
  return html`<li class="tiny quiet">Audience ${audience + 1} ${AUDIENCE_WORDS[outcome]}</li>`;
}

function audienceEnd({ outcome, error }: AudienceTrace): Html | '' {
  if (outcome === 'fallback') return html`<li>${icon('check')}<span>Everyone else</span></li>`;
  if (outcome !== 'error' || error === undefined) return '';
  return html`<li class="bad">${icon('alert')}<span>${cut(error, MAX_CLAUSE)}</span></li>`;
}

function clauseStep({ clause, outcome, values, segment }: ClauseTrace): Html {
  const met = Object.entries(values).map(([path, value]) => `${path} is ${JSON.stringify(value)}`);
  const from = segment === undefined ? [] : [`segment ${segment}`];
  const words = [...met, ...from].join(', ');
  const sign =
    outcome === 'error'
      ? icon('alert', 'failed')
      : outcome
        ? icon('check', 'true')
        : icon('cross', 'false');
  return html`<li class="${outcome === 'error' ? 'bad' : outcome ? 'met' : 'unmet'}">
    ${sign}<span
      ><code>${cut(clause, MAX_CLAUSE)}</code>${when(
        words !== '',
        () => html`<span class="vals tiny quiet">${cut(words, 2 * MAX_CLAUSE)}</span>`,
      )}</span
    >
  </li>`;
}

function identityLine({ identity, seed }: ViewedDecision): Html | '' {
  const parts: Html[] = [];
  if (identity !== undefined) {
    const { path, text } = identity;
    parts.push(
      text === undefined
        ? html`identity ${path}`
        : html`${path} is <code>${JSON.stringify(text)}</code>`,
    );
  }
  if (seed !== undefined)
    parts.push(html`seed <code>${JSON.stringify(cut(seed, MAX_CLAUSE))}</code>`);
  if (parts.length === 0) return '';
  const [first, second] = parts;
  return html`<p class="tiny quiet">
    ${first ?? ''}${second === undefined ? '' : html`, ${second}`}
  </p>`;
}

function strip({ strip: drawn, experiment }: ViewedDecision): Html | '' {
  if (drawn === undefined || drawn.shares.length > MAX_SHARES) return '';
  const { shares, bucket, buckets } = drawn;
  const colours = new Map(experiment?.variants.map(({ name, colour }) => [name, colour]));
  return html`<div class="fit">
    ${bucketStrip({
      shares,
      colours,
      buckets,
      height: STRIP_HEIGHT,
      ...(bucket === undefined ? {} : { pin: bucket }),
    })}
  </div>`;
}
