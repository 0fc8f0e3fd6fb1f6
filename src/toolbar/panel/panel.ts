import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';
import { decisionRow, shortDecisionRow } from './decision-row.ts';
import { panelFoot } from './foot.ts';
import { decisionCount, panelHead, pill } from './head.ts';
import { count, toAscii, when } from './markup.ts';
import { namespaceRow, shortNamespaceRow } from './namespace-row.ts';
import { idleOverrides, sections } from './sections.ts';
import type { PanelSetup } from './setup.ts';

/**
 * The characters of markup that details may take; about 50 decisions fit. Further decisions show only their
 * line, and their details if the viewer asks for them.
 */
const MAX_DETAILS = 120_000;

/** Renders the element of the toolbar with its declarative shadow root; ASCII only. */
export function renderToolbar(view: ToolbarView, setup: PanelSetup): string {
  const { position, stylesheet, script, nonce, open } = setup;
  const signed = nonce === undefined ? '' : html`nonce="${nonce}"`;
  // The section stays hidden until the style sheet shows it, so the page never shows it without style.
  const panel = html`<evenhand-toolbar data-at="${position}"
    ><template shadowrootmode="open" shadowrootclonable=""
      ><link rel="stylesheet" href="${stylesheet}" ${signed} />
      <section class="tool" aria-label="Evenhand toolbar" hidden="">
        <details class="root" ${open === undefined ? '' : html`open=""`}>
          ${pill(view, setup)}
          <div class="panel">
            ${panelHead(view)}
            <div class="scroll">
              ${decisions(view, setup)}${idleOverrides(view, setup)}${sections(view, setup)}
            </div>
            ${panelFoot(view, setup)}
          </div>
        </details>
      </section></template
    >${script === undefined ? '' : html`<script async="" src="${script}" ${signed}></script>`}</evenhand-toolbar
  >`;
  return toAscii(panel);
}

/**
 * Renders what a later request of the same page used, for the section "Later requests" of the open page; ASCII
 * only. Addresses are relative to the answer.
 *
 * @param view undefined if the request is not known here any more
 */
export function renderLaterRequest(view: ToolbarView | undefined, setup: PanelSetup): string {
  if (view === undefined) {
    return toAscii(
      html`<p class="later tiny quiet">
        <span class="name"></span> Not known here: another process answered this request, or it was
        more than a minute ago.
      </p>`,
    );
  }
  const { method, path } = view.page;
  return toAscii(
    html`<details class="later section">
      <summary>
        ${icon('open')}<span class="name">${method} ${path}</span
        ><span class="tiny">${count(decisionCount(view), 'decision')}</span>
      </summary>
      ${rows(view, setup)}
    </details>`,
  );
}

function decisions(view: ToolbarView, setup: PanelSetup): Html {
  const empty = html`<p class="none quiet">This page used no experiment or switch.</p>`;
  const readOnly = html`<p class="none tiny quiet">
    Variants can't be forced here: overrides are off, or the page's policy blocks forms.
  </p>`;
  return html`<h2 class="title">Used on this page</h2>
    ${when(decisionCount(view) === 0, () => empty)}${when(setup.overrideAction === undefined, () => readOnly)}${rows(view, setup)}
    <div class="requests" hidden=""><h2 class="title">Later requests</h2></div>`;
}

/** Renders the decisions and namespaces. */
function rows({ used, namespaces }: ToolbarView, setup: PanelSetup): Html {
  let left = MAX_DETAILS;
  const within = <Row extends { name: string }>(
    row: Row,
    full: (row: Row, setup: PanelSetup) => Html,
    short: (row: Row, setup: PanelSetup) => Html,
  ): Html => {
    const isOpen = row.name === setup.open;
    if (left <= 0 && !isOpen) return short(row, setup);
    const markup = full(row, setup);
    left -= markup.text.length;
    return left > 0 || isOpen ? markup : short(row, setup);
  };
  const decided = used.map((decision) => within(decision, decisionRow, shortDecisionRow));
  const spaces = namespaces.map((one) => within(one, namespaceRow, shortNamespaceRow));
  return html`${decided}${when(
    spaces.length > 0 && used.length > 0,
    () => html`<h2 class="title">Namespaces</h2>`,
  )}${spaces}`;
}
