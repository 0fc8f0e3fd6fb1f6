import { note, panel } from '../../ui/blocks.ts';
import { allocationLegend } from '../../ui/charts/allocation-bar.ts';
import { bucketStrip } from '../../ui/charts/bucket-strip.ts';
import { button, linkButton } from '../../ui/controls/buttons.ts';
import { field } from '../../ui/controls/fields.ts';
import { html, type Html } from '../../ui/html.ts';
import { variantColours } from '../../ui/variant-key.ts';
import { fieldOf, type FormFields } from '../../web/form-body.ts';
import {
  changeDiff,
  harmTick,
  notSaved,
  saveButtons,
  sentenceList,
} from '../change/change-notes.ts';
import { changeForm } from '../change/form-fields.ts';
import { rampChange } from '../change/requests.ts';
import { saveChange, type SaveOutcome } from '../change/save.ts';
import { problemsOf, savedNotice, statusOf } from '../change/outcome-status.ts';
import type {
  FormDefinition,
  FormOutcome,
  PageBody,
  PageDefinition,
} from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import { percentOf, type RampData, rampData } from './ramp-data.ts';

const PATH = 'experiments/:name/ramp';

/** The page that shows what a ramp would do, before it is saved. */
export const RAMP_PAGE: PageDefinition<RampData> = {
  path: PATH,
  tab: 'experiments',
  right: 'ramp',
  data: (visit) => rampData(visit, (name) => visit.query.get(name) ?? undefined),
  render: (data, visit) => pageOf(data, visit),
};

/** The form that saves a ramp. */
export const RAMP_FORM: FormDefinition = {
  path: PATH,
  tab: 'experiments',
  right: 'ramp',
  submit: save,
};

async function save(visit: Visit, fields: FormFields): Promise<FormOutcome> {
  const { name = '' } = visit.params;
  const data = await rampData(visit, (field) => fieldOf(fields, field));
  const form = changeForm(fields);
  const to = percentOf(fieldOf(fields, 'to')?.trim() ?? '');
  if (data === undefined || to === undefined) {
    const problem = data?.problem ?? 'There is no percent in this form.';
    const page =
      data === undefined
        ? { title: name, body: note('bad', 'Not saved.', problem) }
        : pageOf(data, visit);
    return { kind: 'again', status: 422, problems: [{ field: 'to', message: problem }], page };
  }
  const { variant, audience } = data;
  const request = rampChange(name, { variant, to, audience, from: [] });
  const outcome = await saveChange(visit, request, form);
  if (outcome.kind === 'saved') {
    const { part, beforeText: before, afterText: after } = outcome.preview;
    const notice = savedNotice(`${variant} is at ${to}%.`, outcome);
    const { revision } = outcome;
    return { kind: 'saved', to: `experiments/${name}`, notice, revision, part, before, after };
  }
  const page = pageOf(data, visit, { outcome, reason: form.reason });
  return { kind: 'again', status: statusOf(outcome), problems: problemsOf(outcome), page };
}

/** The form that a visitor sent, and its outcome. */
interface Sent {
  readonly outcome: SaveOutcome;
  readonly reason: string;
}

function pageOf(data: RampData, visit: Visit, sent?: Sent): PageBody {
  const { name } = data;
  return {
    title: `Ramp ${name}`,
    lead: 'Nothing is saved before you have seen who moves.',
    crumbs: [
      { text: 'Experiments', href: visit.link('') },
      { text: name, href: visit.link(`experiments/${name}`) },
    ],
    body: html`<div class="stack">
      ${sent === undefined ? '' : notSaved(sent.outcome)}
      ${panel('choice', 'Variant', '', choice(data, visit))}
      <div id="preview">${consequences(data, visit, sent)}</div>
    </div>`,
  };
}

function choice(data: RampData, visit: Visit): Html {
  const { name, variants, variant, audiences, audience, to, problem } = data;
  const options = variants.map(
    (one) => html`<option value="${one}" ${one === variant ? html`selected` : ''}>${one}</option>`,
  );
  const whom = audiences.map(({ rule }, i) => {
    const text = `${i + 1}: ${rule ?? 'everyone else'}`;
    return html`<option value="${i + 1}" ${i === audience ? html`selected` : ''}>${text}</option>`;
  });
  const audienceField =
    audiences.length === 1
      ? ''
      : html`<div class="field">
          <label for="audience">Audience</label>
          <select class="input" id="audience" name="audience">
            ${whom}
          </select>
        </div>`;
  return html`<form
    class="ramp"
    method="get"
    action="${visit.link(`experiments/${name}/ramp`)}"
    data-live="preview"
  >
    ${audienceField}
    <div class="field">
      <label for="variant">Variant</label>
      <select class="input" id="variant" name="variant">
        ${options}
      </select>
    </div>
    ${field({
      label: 'Percent',
      name: 'to',
      value: to,
      placeholder: '40',
      ...(problem !== undefined && { problem }),
    })}
    <div class="acts">${button('Preview')}</div>
  </form>`;
}

function consequences(data: RampData, visit: Visit, sent: Sent | undefined): Html {
  const { name, variants, buckets, audiences, audience, variant, to, after, preview } = data;
  const shares = audiences[audience]?.allocations ?? [];
  const colours = variantColours(variants);
  const line = (label: string, picture: Html): Html =>
    html`<div class="when">
      <span class="quiet small">${label}</span>
      <div class="fit">${picture}</div>
    </div>`;
  const now = line('now', bucketStrip({ shares, colours, buckets, ruler: after === undefined }));
  if (preview === undefined) {
    return panel('now', 'Now', '', html`${now}${allocationLegend(shares, colours)}`);
  }
  const then =
    after === undefined
      ? ''
      : html`${line('after', bucketStrip({ shares: after, before: shares, colours, buckets }))}
        ${allocationLegend(after, colours)}`;
  const conflict = sent?.outcome.kind === 'conflict' ? sent.outcome : undefined;
  const back = linkButton('Cancel', visit.link(`experiments/${name}`), { look: 'bare' });
  const hidden = {
    variant,
    to,
    audience: String(audience + 1),
    version: conflict?.version ?? data.version,
  };
  return panel(
    'after',
    `Ramp ${variant} to ${to}%`,
    '',
    html`${now}${then}${sentenceList(preview.sentences)}${changeDiff(preview)}
      <form method="post" action="${visit.link(`experiments/${name}/ramp`)}">
        ${Object.entries(hidden).map(
          ([key, value]) => html`<input type="hidden" name="${key}" value="${value}" />`,
        )}
        ${harmTick(preview)}
        ${field({ label: 'Reason', name: 'reason', value: sent?.reason ?? '', placeholder: 'ticket 501' })}
        ${saveButtons(`Ramp to ${to}%`, back, conflict !== undefined)}
      </form>`,
  );
}
