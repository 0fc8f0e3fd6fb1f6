import { html, Html } from '../ui/html.ts';
import { nodeCrypto } from '../runtime/node-crypto.ts';

/**
 * The style of pages that people see for a moment. It is part of the page, because the address of a style
 * sheet would need the same access as the toolbar.
 */
const STYLE = `
:root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#16191c;--quiet:#545c63;--line:#e4e3de;--edge:#8b9096}
@media(prefers-color-scheme:dark){:root{--paper:#121416;--card:#191c1f;--ink:#eceeef;--quiet:#a3acb3;--line:#2c3136;--edge:#727b83}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:.875rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:34rem;margin:48px auto;padding:20px;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow-wrap:anywhere}
h1{margin:0 0 12px;font-size:1.25rem;line-height:1.25;font-weight:640;letter-spacing:-.01em}
p,dl,table{margin:0 0 12px}
.quiet,dt,th{color:var(--quiet);font-weight:400}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px}
dd{margin:0}
table{width:100%;border-collapse:collapse}
th,td{padding:7px 12px 7px 0;border-top:1px solid var(--line);text-align:left;vertical-align:top}
td+td{width:45%}
code{font:.8125rem ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace}
.actions{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;margin-top:20px}
form{margin:0}
button{min-height:40px;padding:0 16px;border:1px solid var(--ink);border-radius:7px;background:var(--ink);color:var(--card);font:inherit;font-weight:550;cursor:pointer}
button.bare{background:var(--card);color:var(--ink);border-color:var(--edge)}
a{color:inherit}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px;border-radius:4px}
@media(max-width:560px){main{margin:16px;padding:16px}}
`;

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
  // The header says `no-referrer`, with which browsers send forms with `Origin: null`.
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="same-origin" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.text;
}
