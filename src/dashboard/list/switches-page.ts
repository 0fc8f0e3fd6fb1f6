import { emptyState } from '../../ui/blocks.ts';
import { button } from '../../ui/controls/buttons.ts';
import { chips, tag } from '../../ui/controls/chips.ts';
import { searchField } from '../../ui/controls/fields.ts';
import { partlyOn, switchControl } from '../../ui/controls/switches.ts';
import { formatCount, formatPlural } from '../../ui/figures.ts';
import { html, type Html } from '../../ui/html.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import { type ListedSwitch, type SwitchesData, switchesData } from './switches-data.ts';

/** The page "Switches", made for a phone. */
export const SWITCHES_PAGE: PageDefinition<SwitchesData> = {
  path: 'switches',
  tab: 'switches',
  data: switchesData,
  render: (data, visit): PageBody => ({
    title: 'Switches',
    lead: leadOf(data),
    body: html`${filters(data, visit)}
      <div id="switches">${list(data, visit)}</div>`,
  }),
};

/** The heading above switches without an owner. */
const NO_OWNER = 'No owner';

function leadOf({ total, counts }: SwitchesData): string {
  const { on, off, partly } = counts;
  return `${formatPlural(total, 'switch', 'switches')}: ${on} on, ${off} off, ${partly} partly on.`;
}

function filters({ search, state, total, counts }: SwitchesData, visit: Visit): Html {
  const q = search || undefined;
  const chip = (text: string, wanted: keyof typeof counts) => ({
    text,
    href: visit.link('switches', { q, state: wanted }),
    count: formatCount(counts[wanted]),
    isCurrent: state === wanted,
  });
  const all = {
    text: 'All',
    href: visit.link('switches', { q }),
    count: formatCount(total),
    isCurrent: state === '',
  };
  const hidden = state === '' ? '' : html`<input type="hidden" name="state" value="${state}" />`;
  return html`<div class="filters">
    ${chips('State', [
      all,
      chip('On', 'on'),
      chip('Off', 'off'),
      chip('Partly on', 'partly'),
      chip('Stale', 'stale'),
    ])}
    <form class="acts" method="get" action="${visit.link('switches')}" data-live="switches">
      ${hidden}${searchField('Search', 'q', search)}${button('Filter')}
    </form>
  </div>`;
}

function list({ switches, total, left }: SwitchesData, visit: Visit): Html {
  if (switches.length === 0) {
    return total === 0
      ? emptyState(
          'No switches yet',
          html`Write one into your specification: <code>"chat:off"</code>.`,
        )
      : emptyState('Nothing found', 'No switch matches these filters.');
  }
  const rest =
    left === 0
      ? ''
      : html`<p class="quiet small">${formatCount(left)} more are not listed; search for them.</p>`;
  const owners = [...new Set(switches.map(({ owner }) => owner ?? ''))];
  return html`${owners.map((owner) => {
    const own = switches.filter((one) => (one.owner ?? '') === owner);
    return html`<div class="owner">
        <h2 class="small">${owner === '' ? NO_OWNER : owner}</h2>
        <span class="tab">${own.length}</span>
      </div>
      <ul class="panel switches">
        ${own.map((one) => item(one, visit))}
      </ul>`;
  })}${rest}`;
}

function item(one: ListedSwitch, visit: Visit): Html {
  const { name, description, reach, stale } = one;
  const about = description === undefined ? reach : `${description} ${reach}.`;
  return html`<li>
    <div>
      <a class="name" href="${visit.link(`experiments/${name}`)}">${name}</a>
      ${stale === undefined ? '' : tag('stale', 'warn', 'clock')}
      <div class="quiet small">${about}</div>
    </div>
    ${control(one, visit)}
  </li>`;
}

function control({ name, state, shown, version }: ListedSwitch, visit: Visit): Html {
  const path = `experiments/${name}/switch`;
  if (!visit.rights.has('switch')) return html`<span class="quiet small">${shown}</span>`;
  if (state === 'partly') return partlyOn(name, shown, visit.link(path));
  const to = state === 'on' ? 'off' : 'on';
  const knob = switchControl({ label: name, isOn: state === 'on', name: 'to', value: to });
  // In production, the next page asks first, with the reason.
  const asks = visit.board.environment === 'production';
  return asks
    ? html`<form method="get" action="${visit.link(path)}">${knob}</form>`
    : html`<form method="post" action="${visit.link(path)}">
        <input type="hidden" name="version" value="${version}" />${knob}
      </form>`;
}
