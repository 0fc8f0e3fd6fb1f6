import { note } from '../../ui/blocks.ts';
import { html, type Html } from '../../ui/html.ts';
import { icon, mark } from '../../ui/icons.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';
import { count, cut, timeOf, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** The characters of a revision that tell it apart. */
const MAX_REVISION = 12;

/** The most characters of the path, so that user and revision stay visible. */
const MAX_PATH = 70;

const MAX_PROBLEM = 300;

/** Renders the closed toolbar, a pill that opens the panel; in the open panel, it is the button that closes it. */
export function pill(view: ToolbarView, setup: PanelSetup): Html {
  const problems = view.used.filter(({ tone }) => tone === 'bad').length;
  const focus = hasFocus(view, setup) ? html`autofocus=""` : '';
  return html`<summary ${focus}>
    <span class="shut"
      >${mark()}<span
        ><span class="vh">Evenhand: </span>${count(decisionCount(view), 'decision')}</span
      ><span class="more"></span>${when(
        view.forced.length > 0,
        () => html`<span class="forced">${view.forced.length} forced</span>`,
      )}${when(
        problems > 0,
        () => html`<span class="failed">${count(problems, 'problem')}</span>`,
      )}</span
    ><span class="shown">${icon('cross', 'Close Evenhand')}</span>
  </summary>`;
}

/** After a form, the focus returns to the row that it was in, or to the share link; otherwise it comes here. */
function hasFocus({ used, namespaces, unused }: ToolbarView, setup: PanelSetup): boolean {
  if (setup.open === undefined || setup.shared !== undefined) return false;
  return [...used, ...namespaces, ...unused].every(({ name }) => name !== setup.open);
}

/** Counts what the request used. */
export function decisionCount({ used, namespaces }: ToolbarView): number {
  return used.length + namespaces.length;
}

/** Renders the panel's head: the request, the user and the revision; a note if the source is stale. */
export function panelHead({ page }: ToolbarView): Html {
  const { method, path, user, revision } = page;
  const parts = [
    `${method} ${cut(path, MAX_PATH)}`,
    // A visitor has none, and it can be redacted.
    ...(user === undefined ? [] : [`user ${user}`]),
    ...(revision === undefined ? [] : [`revision ${shortRevision(revision)}`]),
  ];
  const whole = path.length > MAX_PATH ? html`title="${path}"` : '';
  return html`<div class="head">
      <div class="brand">${mark()}Evenhand</div>
      <p class="tiny quiet tab" ${whole}>${parts.join(' \u00b7 ')}</p>
    </div>
    ${staleNote(page)}`;
}

/** Hashes are cut; "revision 418" is not. */
function shortRevision(revision: string): string {
  return /^[0-9a-f]{16,}$/i.test(revision) ? revision.slice(0, 7) : cut(revision, MAX_REVISION);
}

function staleNote({ stale, revision }: ToolbarView['page']): Html | '' {
  if (stale === undefined) return '';
  const { since, problem } = stale;
  const using = revision === undefined ? '' : `; still using revision ${shortRevision(revision)}`;
  const when = since === undefined ? ' yet' : html` since ${timeOf(since)}`;
  const meaning = problem === undefined ? '' : html`<p>${cut(problem, MAX_PROBLEM)}</p>`;
  return html`<div class="stale">
    ${note('warn', 'The source is stale.', html`It has not responded${when}${using}. ${meaning}`)}
  </div>`;
}
