import { html, type Html } from '../../ui/html.ts';
import { mark } from '../../ui/icons.ts';
import { searchField } from '../../ui/controls/fields.ts';
import { tag } from '../../ui/controls/chips.ts';
import type { Tab } from './tabs.ts';
import type { TabCounts } from './tab-counts.ts';
import { sinceText, timesOf } from './times.ts';
import type { Visit } from './visit.ts';

/** The words of the tabs. */
export const TAB_WORDS: Readonly<Record<Tab, string>> = {
  experiments: 'Experiments',
  switches: 'Switches',
  history: 'History',
  'clean-up': 'Clean up',
  try: 'Try a user',
  independence: 'Independence',
  segments: 'Segments and holdouts',
  namespaces: 'Namespaces',
};

/** The characters of a revision that the header shows; a hash is as unmistakable with these. */
const REVISION_LENGTH = 12;

/** The codes of problems of a source that does respond, but with something that can't be used. */
const INVALID: ReadonlySet<unknown> = new Set(['json', 'spec']);

/** Returns the path of a tab from the dashboard's root. */
export function tabPath(tab: Tab): string {
  return tab === 'experiments' ? '' : tab;
}

/** Renders the header: the application, the source, search, the visitor, and the tabs. */
export function pageHeader(visit: Visit, tab: Tab, counts: TabCounts): Html {
  const { board, link, author, query } = visit;
  const search = html`<form class="seek" role="search" action="${link('')}" data-live="list">
    ${searchField('Search experiments', 'q', tab === 'experiments' ? (query.get('q') ?? '') : '')}
  </form>`;
  return html`<header class="top">
    <a class="skip" href="#content">Skip to content</a>
    <div class="wrap">
      <div class="bar">
        <a class="brand" href="${link('')}">${mark()}Evenhand</a>
        <span class="app"
          ><span class="slash" aria-hidden="true">/</span> ${board.name}
          ${tag(board.environment)}</span
        >
        <span class="grow"></span>
        ${sourceState(visit)} ${search}
        ${author === undefined ? '' : html`<span class="quiet who">${author}</span>`}
      </div>
      <nav class="tabs" aria-label="Dashboard">
        ${board.tabs.map((one) => tabLink(one, visit, tab, counts))}
      </nav>
    </div>
  </header>`;
}

function tabLink(tab: Tab, { link }: Visit, current: Tab, counts: TabCounts): Html {
  const count = counts[tab];
  const number = count === undefined ? '' : html` <span class="n">${count}</span>`;
  const state = tab === current ? html` aria-current="page"` : '';
  return html`<a href="${link(tabPath(tab))}" ${state}>${TAB_WORDS[tab]}${number}</a>`;
}

/** Renders the source with a full dot, or, if it is stale, with a hollow one and since when. */
function sourceState(visit: Visit): Html {
  const { board, now } = visit;
  const { state, source, revision: known = '', problem, problemSince, ageMs } = board.status();
  const name = board.workspace?.name ?? source;
  const revision = String(known).slice(0, REVISION_LENGTH);
  const isStale = state === 'stale' || problemSince !== undefined;
  if (!isStale) {
    const shown = revision === '' ? '' : `, revision ${revision}`;
    return html`<span class="live" id="source">${name}${shown}</span>`;
  }
  const isInvalid = INVALID.has(problem?.code);
  const trouble = isInvalid ? 'has been invalid' : 'has not responded';
  const since = problemSince ?? now - (ageMs ?? 0);
  const using = revision === '' ? '' : `; still using revision ${revision}`;
  return html`<span class="live stale" id="source"
    >${name} ${trouble} since ${sinceText(since, timesOf(visit))}${using}</span
  >`;
}
