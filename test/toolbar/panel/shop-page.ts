import { renderToolbar } from '../../../src/toolbar/panel/panel.ts';
import type { PanelSetup } from '../../../src/toolbar/panel/setup.ts';
import type { ToolbarView } from '../../../src/toolbar/view/toolbar-view.ts';
import type { ServedPage } from '../page-server.ts';
import { SETUP } from './shop-view.ts';

/** The policy of pages that allow a style sheet and forms, and nothing else. */
export const STRICT =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; report-uri /report";

/** The policy of pages that also run scripts, which create no code or HTML from texts. */
export const SCRIPTED = `${STRICT}; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`;

/** Renders a page of a shop with a panel behind its last byte. */
export function shopPage(
  view: ToolbarView,
  setup: Partial<PanelSetup> = {},
  { head = '', body = '', policy = STRICT } = {},
): ServedPage {
  const text = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Shop</title>
    ${head}
  </head>
  <body>
    <main>
      <h1>Tools that measure true</h1>
      <p><a href="/other">Another page</a></p>
      ${body}
    </main>
  </body>
</html>
`;
  return {
    body: text + renderToolbar(view, { ...SETUP, ...setup }),
    headers: { 'Content-Security-Policy': policy },
  };
}

/** The part of the set-up of a page that may run the toolbar's script. */
export const WITH_SCRIPT = { script: '__evenhand/toolbar.js' } as const;
