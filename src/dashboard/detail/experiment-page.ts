import { disclosure, factList, panel, verdictLine } from '../../ui/blocks.ts';
import { allocationLegend } from '../../ui/charts/allocation-bar.ts';
import { bucketStrip } from '../../ui/charts/bucket-strip.ts';
import { linkButton } from '../../ui/controls/buttons.ts';
import { formatCount, formatP, formatPlural } from '../../ui/figures.ts';
import { diffView } from '../../ui/history/diff-view.ts';
import { html, type Html } from '../../ui/html.ts';
import { isSwitch, type VariantColours, variantColours, variantKey } from '../../ui/variant-key.ts';
import { ago, sinceText, timesOf, timeText } from '../frame/times.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import type { AudienceSpec } from '../../specification/types.ts';
import { type ExperimentData, experimentData } from './experiment-data.ts';

/** The page of one experiment or switch. */
export const EXPERIMENT_PAGE: PageDefinition<ExperimentData> = {
  path: 'experiments/:name',
  tab: 'experiments',
  data: experimentData,
  render: (data, visit): PageBody => ({
    title: data.name,
    ...(data.description !== undefined && { lead: data.description }),
    crumbs: [crumbOf(data, visit)],
    actions: actionsOf(data, visit),
    body: html`${facts(data)}
      <div class="stack">
        ${panel('allocation', 'Allocation', 'buckets in their order; flat ones are not in the experiment', allocation(data))}
        ${splitPanel(data, visit)} ${schedulePanel(data, visit)} ${historyPanel(data, visit)}
        ${placesPanel(data)}
      </div>`,
  }),
};

function crumbOf({ variants }: ExperimentData, visit: Visit): { text: string; href: string } {
  return isSwitch(variants.map(({ name }) => name))
    ? { text: 'Switches', href: visit.link('switches') }
    : { text: 'Experiments', href: visit.link('') };
}

function actionsOf({ name, variants, shorthand }: ExperimentData, visit: Visit): Html {
  const isOnOff = isSwitch(variants.map((one) => one.name));
  const at = `experiments/${name}`;
  const ramp = visit.rights.has('ramp') && !shorthand;
  return html`<div class="acts">
    ${linkButton('Try a user', visit.link('try', { experiment: name }), { icon: 'user' })}
    ${ramp ? linkButton('Ramp…', visit.link(`${at}/ramp`)) : ''}
    ${isOnOff && visit.rights.has('switch') ? linkButton('Turn on or off…', visit.link(`${at}/switch`)) : ''}
  </div>`;
}

function facts({
  owner,
  identity,
  seed,
  expires,
  sticky,
  holdouts,
  shorthand,
}: ExperimentData): Html {
  return factList([
    ...(owner === undefined ? [] : [['Owner', owner] as const]),
    ...(shorthand ? [] : [['Identity', identity] as const, ['Seed', seed] as const]),
    ...(expires === undefined ? [] : [['Until', expires] as const]),
    ...(sticky ? [['Sticky', 'users keep their variant'] as const] : []),
    ...holdouts.map(({ name, percent }) => ['Holdout', `${name} (${percent}%)`] as const),
  ]);
}

function coloursOf({ variants, control }: ExperimentData): VariantColours {
  return variantColours(
    variants.map(({ name }) => name),
    control,
  );
}

function allocation(data: ExperimentData): Html {
  const colours = coloursOf(data);
  const strips = data.audiences.map((audience) => strip(audience, data, colours));
  return html`${strips}`;
}

function strip(
  { rule, allocations }: AudienceSpec,
  { audiences, buckets }: ExperimentData,
  colours: VariantColours,
): Html {
  const who =
    rule === undefined
      ? audiences.length === 1
        ? 'Everyone'
        : 'Everyone else'
      : html`<code>${rule}</code>`;
  return html`<div class="aud">
    <p>${who}</p>
    <div class="fit">${bucketStrip({ shares: allocations, colours, buckets })}</div>
    ${allocationLegend(allocations, colours)}
  </div>`;
}

function splitPanel(data: ExperimentData, visit: Visit): Html {
  const { splits, liveSince, name, audiences } = data;
  const since = sinceText(liveSince, timesOf(visit));
  const counted = splits.filter(({ units }) => units > 0);
  if (counted.length === 0) {
    return panel(
      'split',
      'Split',
      `counted in this process since ${since}`,
      html`<p class="quiet">
        No exposures since ${since}. Your code records one with
        <code>req.variant('${name}')</code>.
      </p>`,
    );
  }
  const colours = coloursOf(data);
  const tables = counted.map((split) => {
    const { audience, variants, units, p, alarm } = split;
    const rows = variants.map(
      (one) =>
        html`<tr>
          <td>${variantKey(one.variant, colours.get(one.variant) ?? 'p')}</td>
          <td class="num">${formatCount(one.units)}</td>
          <td class="num">${one.percent}%</td>
          <td class="num">${((one.units / units) * 100).toFixed(2)}%</td>
        </tr>`,
    );
    const verdict = alarm
      ? verdictLine(
          'bad',
          'Split is off',
          `(sample ratio mismatch, ${formatP(p)}, ${formatPlural(units, 'unit')})`,
        )
      : verdictLine(
          'good',
          'Split looks right',
          `(${formatP(p)}, ${formatPlural(units, 'unit')}; valid however often you look)`,
        );
    return html`<div class="aud">
      ${audiences.length > 1 ? html`<p class="quiet small">Audience ${audience + 1}</p>` : ''}
      ${verdict}
      <div
        class="scroll-x"
        role="region"
        aria-label="Split of audience ${audience + 1}"
        tabindex="0"
      >
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col" class="num">units</th>
              <th scope="col" class="num">should be</th>
              <th scope="col" class="num">is</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
    </div>`;
  });
  return panel('split', 'Split', `counted in this process since ${since}`, html`${tables}`);
}

function schedulePanel(data: ExperimentData, { board }: Visit): Html | '' {
  const { schedule, since } = data;
  if (schedule.length === 0) return '';
  const colours = coloursOf(data);
  const steps = schedule.map(
    ({ at, audiences }) =>
      html`<li>
        <b>${timeText(at, board.timeZone)}</b>${at === since ? ' (in force)' : ''}
        ${audiences.map(({ allocations }) => allocationLegend(allocations, colours))}
      </li>`,
  );
  return panel(
    'schedule',
    'Schedule',
    'each step replaces the audiences',
    html`<ol class="time">
      ${steps}
    </ol>`,
  );
}

function historyPanel({ changes }: ExperimentData, visit: Visit): Html | '' {
  const { workspace } = visit.board;
  if (workspace === undefined) return '';
  const known = workspace.history === 'all' ? '' : 'changes that this process has seen';
  if (changes.length === 0) {
    return panel('history', 'History', known, html`<p class="quiet">No changes yet.</p>`);
  }
  const entries = changes.map(({ action, author, reason, at, before, after }) => {
    const who = author ?? 'someone outside of the dashboard';
    const when = at === undefined ? '' : html`, ${ago(at, timesOf(visit))}`;
    return html`<li>
      <b>${reason ?? action}</b>
      <div class="quiet small">${who}${when}</div>
      ${diffView(before ?? '', after ?? '')}
    </li>`;
  });
  return panel(
    'history',
    'History',
    known,
    html`<ol class="time">
      ${entries}
    </ol>`,
  );
}

function placesPanel({ places }: ExperimentData): Html | '' {
  if (places === undefined) return '';
  if (places.length === 0) {
    return panel(
      'places',
      'Where the code asks',
      '',
      html`<p class="quiet">Not used in the code.</p>`,
    );
  }
  const items = places.map(({ file, line }) => html`<li><code>${file}:${line}</code></li>`);
  return panel(
    'places',
    'Where the code asks',
    '',
    disclosure(
      formatPlural(places.length, 'place'),
      html`<ul class="notes">
        ${items}
      </ul>`,
      places.length < 6,
    ),
  );
}
