import type { HistoryLine } from '../../planout/namespaces/history.ts';
import { emptyState, panel } from '../../ui/blocks.ts';
import { allocationBar } from '../../ui/charts/allocation-bar.ts';
import { formatCount } from '../../ui/figures.ts';
import { html, type Html } from '../../ui/html.ts';
import { variantMark } from '../../ui/variant-key.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import { type NamespaceRow, namespacesData, type NamespacesData } from './namespaces-data.ts';
import { segmentMap } from './segment-map.ts';

/** The number of colours for experiments. */
const COLOURS = 5;

/** The name of the free segments in the bar, which no experiment can have. */
const FREE = '\u2013';

/** The most lines of a history that are shown at once. */
const MAX_HISTORY = 20;

/** The page "Namespaces": the segments of each, and how they were given. */
export const NAMESPACES_PAGE: PageDefinition<NamespacesData> = {
  path: 'namespaces',
  tab: 'namespaces',
  data: namespacesData,
  render: (data, visit): PageBody => ({
    title: 'Namespaces',
    lead: 'Experiments of one namespace share its segments, so a user is in at most one of them.',
    body: html`<div class="stack">${bodyOf(data, visit)}</div>`,
  }),
};

function bodyOf({ namespaces, left }: NamespacesData, visit: Visit): Html {
  if (namespaces.length === 0) {
    return emptyState(
      'No namespaces',
      html`Experiments that must not meet the same user belong into one namespace:
        <code>"namespaces"</code> in your specification.`,
    );
  }
  const rest =
    left === 0 ? '' : html`<p class="quiet">${formatCount(left)} more are not listed.</p>`;
  return html`${namespaces.map((row, i) => namespacePanel(row, i, visit))}${rest}`;
}

function namespacePanel(row: NamespaceRow, index: number, visit: Visit): Html {
  const { name, description = '', owner, unit, segments, free, running, map } = row;
  const colours = running.map((_, i) => String((i % COLOURS) + 1));
  const shares = [
    ...running.map((one) => ({ variant: one.name, percent: percentOf(one.segments, segments) })),
    { variant: FREE, percent: percentOf(free, segments) },
  ];
  const byName = new Map(running.map((one, i) => [one.name, colours[i] ?? 'p']));
  const facts = [
    `${formatCount(segments)} segments, ${formatCount(free)} free`,
    `unit ${unit.join(', ')}`,
    ...(owner === undefined ? [] : [owner]),
  ].join(' · ');
  return panel(
    `namespace-${index}`,
    name,
    facts,
    html`${description === '' ? '' : html`<p>${description}</p>`}
      ${allocationBar(shares, byName, { label: 'Segments' })}
      <ul class="legend">
        ${running.map((one, i) => legendItem(one, colours[i] ?? 'p', segments))}
      </ul>
      ${map === undefined ? mapLink(row, visit) : html`<div class="map">${segmentMap(map, colours, mapLabel(row))}</div>`}
      ${historyOf(row)}`,
  );
}

function percentOf(segments: number, all: number): number {
  return (segments / all) * 100;
}

function legendItem(
  { name, experiment, segments }: NamespaceRow['running'][number],
  colour: string,
  all: number,
): Html {
  const defined = experiment === name ? '' : ` (${experiment})`;
  const percent = percentOf(segments, all).toFixed(1).replace(/\.0$/, '');
  return html`<li class="key">
    ${variantMark(colour)}<span><b>${name}</b>${defined} ${percent}%</span>
  </li> `;
}

function mapLink({ name, segments }: NamespaceRow, visit: Visit): Html | '' {
  if (segments > 10_000) return '';
  return html`<p class="small">
    <a href="${visit.link('namespaces', { map: name })}">Show every segment</a>
  </p>`;
}

function mapLabel({ running, free }: NamespaceRow): string {
  const figures = running.map((one) => `${one.name} ${formatCount(one.segments)}`);
  return `Segments: ${[...figures, `free ${formatCount(free)}`].join(', ')}`;
}

function historyOf({ history }: NamespaceRow): Html {
  const lines = history.slice(0, MAX_HISTORY).map((line) => html`<li>${lineText(line)}</li>`);
  const more = history.length - lines.length;
  return html`<h3>History</h3>
    <ol class="time">
      ${lines}${more > 0 ? html`<li class="quiet">${formatCount(more)} earlier lines</li>` : ''}
    </ol>`;
}

function lineText(line: HistoryLine): Html {
  if ('remove' in line) return html`<b>${line.remove}</b> removed`;
  const defined = line.experiment === line.add ? '' : html` as <code>${line.experiment}</code>`;
  return html`<b>${line.add}</b> added with ${formatCount(line.segments)} segments${defined}`;
}
