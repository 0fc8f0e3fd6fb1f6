import { BUCKETS } from '../../hash/bucket.ts';
import { emptyState, note, panel } from '../../ui/blocks.ts';
import { button } from '../../ui/controls/buttons.ts';
import { html, type Html } from '../../ui/html.ts';
import { variantColours, variantKey } from '../../ui/variant-key.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import { decidedStrip, decisionPath } from './decision-path.ts';
import { tryData, type TryData, type TriedRow } from './try-data.ts';

/** The page "Try a user": the decisions for a context, and the path to each. */
export const TRY_PAGE: PageDefinition<TryData> = {
  path: 'try',
  tab: 'try',
  data: tryData,
  render: (data, visit): PageBody => ({
    title: 'Try a user',
    lead: leadOf(data),
    body: html`<div class="cols">
      <div class="stack">${answerOf(data, visit)}</div>
      ${panel('context-title', 'Context', '', form(data, visit))}
    </div>`,
  }),
};

function leadOf({ revision, isPast }: TryData): string {
  const at =
    revision === undefined ? '' : ` with ${isPast ? 'the earlier ' : ''}revision ${revision}`;
  return `The variant that somebody gets${at}, and why. Nothing is recorded.`;
}

function answerOf(data: TryData, visit: Visit): Html {
  const { problem, decision, decisions } = data;
  if (problem !== undefined) return note('bad', 'Not decided.', problem);
  if (decision !== undefined) return decided(data, visit);
  if (decisions !== undefined) return overview(data, decisions, visit);
  return emptyState(
    'No user yet',
    html`Write the values that your rules and identities read, such as
      <code>{"user": {"id": 7}}</code>, and press Decide.`,
  );
}

function decided({ decision, spec, experiment = '' }: TryData, visit: Visit): Html {
  if (decision === undefined) return html``;
  if (spec === undefined || decision.reason === 'unknown-experiment') {
    return note('bad', 'Not decided.', `There is no experiment ${experiment}.`);
  }
  const colours = variantColours(spec.variants.map(({ name }) => name));
  const { variant, bucket } = decision;
  const result =
    variant === undefined
      ? html`<span class="bad">no variant</span>`
      : variantKey(variant, colours.get(variant) ?? 'p');
  const place =
    bucket === undefined ? '' : ` · bucket ${bucket} of 0–${(spec.buckets ?? BUCKETS) - 1}`;
  return panel(
    'decision',
    experiment,
    html`${result}${place}`,
    html`${decidedStrip(decision, spec)}${decisionPath(decision, spec)}
      <p class="small">
        <a href="${visit.link(`experiments/${experiment}`)}">The experiment</a>
      </p>`,
  );
}

function overview(data: TryData, decisions: readonly TriedRow[], visit: Visit): Html {
  const rows = decisions.map((row) => overviewRow(row, data, visit));
  const rest =
    data.left === 0
      ? ''
      : html`<p class="quiet small">${data.left} more are not listed; choose one by its name.</p>`;
  return panel(
    'decisions',
    'All experiments',
    'choose one to see the path to its decision',
    html`<div class="scroll-x" role="region" aria-label="Decisions, table" tabindex="0">
        <table class="grid tried">
          <thead>
            <tr>
              <th>Experiment</th>
              <th>Variant</th>
              <th>Audience</th>
              <th class="num">Bucket</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      ${rest}`,
  );
}

function overviewRow(row: TriedRow, { context, isPast, revision }: TryData, visit: Visit): Html {
  const { name, variant, variants, audience, bucket, error } = row;
  const colours = variantColours(variants);
  const past = isPast ? { revision } : {};
  const href = visit.link('try', { experiment: name, context, ...past });
  return html`<tr>
    <td><a href="${href}">${name}</a></td>
    <td>
      ${variant === undefined ? html`<span class="bad">${firstLine(error)}</span>` : variantKey(variant, colours.get(variant) ?? 'p')}
    </td>
    <td>${audience === undefined ? '–' : audience + 1}</td>
    <td class="num">${bucket ?? '–'}</td>
  </tr>`;
}

function firstLine(text = 'no variant'): string {
  return text.split('\n', 1)[0] ?? text;
}

function form(
  { context, experiment = '', names, revisions, revision, isPast }: TryData,
  visit: Visit,
): Html {
  const options = names.map(
    (name) =>
      html`<option value="${name}" ${name === experiment ? html`selected` : ''}>${name}</option>`,
  );
  return html`<form class="stack" method="get" action="${visit.link('try')}">
    <div class="field">
      <label for="context">JSON</label>
      <textarea class="input code" id="context" name="context" rows="8" spellcheck="false">
${context}</textarea>
    </div>
    <div class="field">
      <label for="experiment">Experiment</label>
      <select class="input" id="experiment" name="experiment">
        <option value="">All</option>
        ${options}
      </select>
    </div>
    ${revisions.length === 0 ? '' : revisionField(revisions, isPast ? String(revision) : '')}
    <div class="acts">${button('Decide', { look: 'main' })}</div>
  </form>`;
}

function revisionField(revisions: TryData['revisions'], chosen: string): Html {
  const options = revisions.map(({ revision, at, author }) => {
    const text = [`Revision ${revision}`, at?.slice(0, 16).replace('T', ' '), author];
    const isChosen = String(revision) === chosen;
    return html`<option value="${revision}" ${isChosen ? html`selected` : ''}>
      ${text.filter((one) => one !== undefined).join(', ')}
    </option>`;
  });
  return html`<div class="field">
    <label for="revision">Revision</label>
    <select class="input" id="revision" name="revision">
      <option value="">The one in force</option>
      ${options}
    </select>
  </div>`;
}
