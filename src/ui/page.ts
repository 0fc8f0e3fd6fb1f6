import { html, Html } from './html.ts';
import { mark } from './icons.ts';
import { pageSheet } from './style/sheets.ts';

/** The page loads and runs nothing, even if a name should contain HTML. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The parts of a page that is one file. */
export interface PageParts {
  readonly title: string;
  /** The text at the right of the header, such as the command that made the page. */
  readonly origin: string;
  readonly body: Html;
}

/** Renders a page as one file that loads nothing and needs no script. */
export function singlePage({ title, origin, body }: PageParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(pageSheet())}
        </style>
      </head>
      <body>
        <header class="top">
          <div class="wrap bar">
            <span class="brand">${mark()}Evenhand</span><span class="quiet small">${origin}</span>
          </div>
        </header>
        <main class="wrap">${body}</main>
      </body>
    </html> `.text;
}
