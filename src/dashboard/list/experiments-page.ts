import { emptyState } from '../../ui/blocks.ts';
import { allocationBar, allocationLegend } from '../../ui/charts/allocation-bar.ts';
import { button, linkButton } from '../../ui/controls/buttons.ts';
import { chips, tag } from '../../ui/controls/chips.ts';
import { searchField } from '../../ui/controls/fields.ts';
import { formatCount, formatP, formatPlural } from '../../ui/figures.ts';
import { html, type Html } from '../../ui/html.ts';
import { variantColours } from '../../ui/variant-key.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import {
  type ExperimentsData,
  experimentsData,
  type ListedExperiment,
} from './experiments-data.ts';
import { type ExperimentState, STATES } from './rows.ts';

/** The page "Experiments": all experiments with their allocations and splits. */
export const EXPERIMENTS_PAGE: PageDefinition<ExperimentsData> = {
  path: '',
  tab: 'experiments',
  data: experimentsData,
  render: (data, visit): PageBody => ({
    title: 'Experiments',
    lead: leadOf(data),
    body: data.total === 0 ? none() : html`${filters(data, visit)}${list(data, visit)}`,
  }),
};

/** The states in words, as chips and tags have them. */
const STATE_WORDS: Readonly<Record<ExperimentState, string>> = {
  'split-off': 'Split is off',
  running: 'Running',
  'not-started': 'Not started',
  stale: 'Stale',
};

/** The most audiences of one row; the page of the experiment has all. */
const MAX_AUDIENCES = 2;

function leadOf({ counts }: ExperimentsData): string {
  const parts = [
    ...(counts['split-off'] > 0
      ? [`${formatPlural(counts['split-off'], 'split is', 'splits are')} off`]
      : []),
    ...(counts.stale > 0 ? [`${formatCount(counts.stale)} can be cleaned up`] : []),
  ];
  return parts.length === 0 ? 'No alarms.' : `${parts.join(', ')}.`;
}

function none(): Html {
  return emptyState(
    'No experiments yet',
    html`Write the first one into <code>experiments.config.json</code>.`,
  );
}

function filters(data: ExperimentsData, visit: Visit): Html {
  const { search, owner, owners, state, counts, total } = data;
  const chosen = { q: search || undefined, owner: owner || undefined };
  const all = { text: 'All', href: visit.link('', chosen), count: formatCount(total) };
  const states = STATES.map((one) => ({
    text: STATE_WORDS[one],
    href: visit.link('', { ...chosen, state: one }),
    count: formatCount(counts[one]),
    isCurrent: state === one,
    isAlarm: one === 'split-off' && counts[one] > 0,
  }));
  const options = owners.map(
    (name) =>
      html`<option value="${name}" ${name === owner ? html`selected` : ''}>${name}</option>`,
  );
  const hidden = state === '' ? '' : html`<input type="hidden" name="state" value="${state}" />`;
  return html`<div class="filters">
    ${chips('State', [{ ...all, isCurrent: state === '' }, ...states])}
    <form class="acts" method="get" action="${visit.link('')}" data-live="list">
      ${hidden}${searchField('Search', 'q', search)}
      <label
        ><span class="vh">Owner</span
        ><select class="input" name="owner">
          <option value="">Every owner</option>
          ${options}
        </select></label
      >
      ${button('Filter')}
    </form>
  </div>`;
}

function list(data: ExperimentsData, visit: Visit): Html {
  const { experiments, found, from } = data;
  if (experiments.length === 0) {
    return html`<div id="list">
      ${emptyState('Nothing found', 'No experiment matches these filters.')}
    </div>`;
  }
  return html`<section class="panel" id="list" aria-label="Experiments">
    <table class="grid list" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Experiment</th>
          <th scope="col" role="columnheader">Allocation</th>
          <th scope="col" role="columnheader">Split in this process</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${experiments.map((row) => rowOf(row, visit))}
      </tbody>
    </table>
    ${pager({ found, from, to: from + experiments.length }, data, visit)}
  </section>`;
}

function rowOf(row: ListedExperiment, visit: Visit): Html {
  const { name, description, owner, state, stale } = row;
  const about = [
    ...(description === undefined ? [] : [description]),
    ...(stale === undefined ? [] : [`Stale: ${stale}.`]),
  ].join(' ');
  return html`<tr role="row">
    <td role="cell">
      <a class="name" href="${visit.link(`experiments/${name}`)}">${name}</a> ${stateTag(state)}
      <div class="quiet small">${about}</div>
      <div class="quiet tiny">${owner ?? ''}</div>
    </td>
    <td role="cell">${allocations(row)}</td>
    <td role="cell">${splitOf(row)}</td>
  </tr> `;
}

function stateTag(state: ExperimentState): Html | '' {
  if (state === 'split-off') return tag('split is off', 'bad', 'alert');
  if (state === 'stale') return tag('stale', 'warn', 'clock');
  return state === 'not-started' ? tag('not started') : '';
}

function allocations({ audiences, variants, control }: ListedExperiment): Html {
  const colours = variantColours(variants, control);
  const shown = audiences.slice(0, MAX_AUDIENCES).map(({ rule, allocations: shares }, i) => {
    const who = rule ?? (audiences.length === 1 ? 'Everyone' : 'Everyone else');
    // A last audience of one variant needs no picture.
    const only = shares.filter(({ percent }) => percent > 0);
    if (i > 0 && only.length === 1) {
      const others = rule ?? 'everyone else';
      return html`<div class="quiet tiny">and ${others}: ${only[0]?.variant ?? ''}</div>`;
    }
    return html`<div class="quiet small">${who}</div>
      ${allocationBar(shares, colours)}${allocationLegend(shares, colours)}`;
  });
  const more = audiences.length - MAX_AUDIENCES;
  return html`${shown}${more > 0 ? html`<div class="quiet tiny">and ${formatPlural(more, 'more audience')}</div>` : ''}`;
}

function splitOf({ splits }: ListedExperiment): Html | '' {
  const units = splits.reduce((sum, split) => sum + split.units, 0);
  if (units === 0) return html`<span class="quiet small">No exposures yet</span>`;
  const least = Math.min(...splits.map(({ p }) => p));
  const isOff = splits.some(({ alarm }) => alarm);
  const verdict = isOff ? html`<b class="bad">Split is off</b>` : 'Split looks right';
  return html`<span class="small">${verdict} (${formatP(least)})</span>
    <div class="quiet tiny">${formatPlural(units, 'unit')}</div>`;
}

function pager(
  { found, from, to }: { readonly found: number; readonly from: number; readonly to: number },
  { search, owner, state }: ExperimentsData,
  visit: Visit,
): Html {
  const size = visit.board.pageSize;
  const at = (position: number): string =>
    visit.link('', {
      q: search || undefined,
      owner: owner || undefined,
      state: state || undefined,
      from: position || undefined,
    });
  const previous = from > 0 ? linkButton('Previous', at(Math.max(0, from - size))) : '';
  const next = to < found ? linkButton('Next', at(to)) : '';
  return html`<div class="pager">
    <span class="quiet small"
      >${formatCount(from + 1)}–${formatCount(to)} of ${formatCount(found)}</span
    ><span class="acts">${previous}${next}</span>
  </div>`;
}
