import { html, Html } from '../ui/html.ts';
import { mark } from '../ui/icons.ts';
import { BASE, DOCUMENT } from '../ui/style/base.ts';
import { CONTROLS } from '../ui/style/controls.ts';
import { tokens } from '../ui/style/tokens.ts';
import { nodeCrypto } from '../runtime/node-crypto.ts';

/** The parts of a small page: one column, facts, a table, and actions below. */
const OWN = `
main { max-width: 34rem; margin: 40px auto; padding: 0 16px; } .sheet { padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
.brand { display: flex; align-items: center; gap: 9px; margin-bottom: 14px; font-weight: 640; letter-spacing: -.01em; } .brand svg { width: 22px; height: 22px; }
h1 { margin-bottom: 14px; font-size: 1.375rem; } .sheet > * + * { margin-top: 12px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; } dt { color: var(--quiet); }
table { width: 100%; border-collapse: collapse; } th { padding: 0 14px 6px 0; color: var(--quiet); font-size: .75rem; font-weight: 400; text-align: left; } td { width: 50%; padding: 7px 14px 7px 0; border-top: 1px solid var(--line); vertical-align: top; }
.acts { margin-top: 20px; gap: 8px 16px; } form { display: contents; }
`;

/**
 * The style of pages that people see for a moment. It is part of the page, because the address of a style
 * sheet would need the same access as the toolbar.
 */
const STYLE = tokens(':root') + BASE + DOCUMENT + CONTROLS + OWN;

/** Not a part of the template, because white space around the style would change its hash. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

let policy: string | undefined;

/** Returns the policy of plain pages: no file, no script, only their own style and forms. */
export function plainPolicy(): string {
  if (policy === undefined) {
    const hash = nodeCrypto().createHash('sha256').update(STYLE).digest('base64');
    policy = `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;
  }
  return policy;
}

/** Renders a small page that loads nothing. */
export function plainPage(title: string, body: Html): string {
  // The header says `no-referrer`, with which browsers send forms with `Origin: null`. This policy sends the
  // origin, and never the address, which may have the token of a share link.
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="strict-origin" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <div class="brand">${mark()}Evenhand</div>
          <div class="sheet">
            <h1>${title}</h1>
            ${body}
          </div>
        </main>
      </body>
    </html> `.text;
}
