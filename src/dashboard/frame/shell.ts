import { html, type Html } from '../../ui/html.ts';
import { pageHeader } from './header.ts';
import type { PageBody } from './page-definition.ts';
import type { Tab } from './tabs.ts';
import { tabCounts, type TabCounts } from './tab-counts.ts';
import type { Visit } from './visit.ts';

/** The parts of a page that do not depend on its content. */
export interface ShellParts {
  /** The elements that load the style sheet and the script. */
  readonly head: Html;
  /** The note of the change before, above the heading. @default none */
  readonly notice?: Html;
  /** The numbers beside the tabs. @default those of the visit's snapshot */
  readonly counts?: TabCounts;
}

/** Renders a whole page: the header with its tabs, the heading, and the content. */
export function renderShell(
  body: PageBody,
  visit: Visit,
  tab: Tab,
  { head, notice, counts = tabCounts(visit.snapshot, visit.now) }: ShellParts,
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="strict-origin" />
        <meta name="robots" content="noindex" />
        <title>${body.title} · ${visit.board.name}</title>
        ${head}
      </head>
      <body>
        ${pageHeader(visit, tab, counts)}
        <main class="wrap" id="content" tabindex="-1">
          ${notice === undefined ? '' : html`<div class="told" role="status">${notice}</div>`}
          ${heading(body)}${body.body}
        </main>
      </body>
    </html> `.text;
}

function heading({ title, lead, crumbs = [], actions }: PageBody): Html {
  const above = crumbs.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li> `);
  return html`${
      crumbs.length === 0
        ? ''
        : html`<nav aria-label="Pages above">
            <ol class="crumbs">
              ${above}
            </ol>
          </nav>`
    }
    <div class="head">
      <div>
        <h1>${title}</h1>
        ${lead === undefined ? '' : html`<p class="lead">${lead}</p>`}
      </div>
      ${actions === undefined ? '' : html`<div class="acts">${actions}</div>`}
    </div>`;
}
