import type { RequestListener } from 'node:http';
import { bucketStrip } from '../../../src/ui/charts/bucket-strip.ts';
import { button } from '../../../src/ui/controls/buttons.ts';
import { html } from '../../../src/ui/html.ts';
import { shadowSheet } from '../../../src/ui/style/sheets.ts';
import { variantColours } from '../../../src/ui/variant-key.ts';
import { describePages, onServer } from '../../e2e/pages.ts';

/** Rules of a page that would change everything that inherits from it. */
const HOSTILE = `
* { all: unset !important; --v0: red !important; --ink: red !important; --card: red; }
:root { --paper: red; font-size: 40px; }
`;

const OWN = ':host { all: initial !important; display: block !important; }';

const SHEETS: ReadonlyMap<string, string> = new Map([
  ['/page.css', HOSTILE],
  ['/shadow.css', shadowSheet(OWN)],
]);

const serve: RequestListener = ({ url = '' }, response) => {
  const sheet = SHEETS.get(url);
  response.writeHead(200, {
    'content-type': sheet === undefined ? 'text/html' : 'text/css',
    'content-security-policy': "default-src 'none'; style-src 'self'",
  });
  const strip = bucketStrip({
    shares: [{ variant: 'control', percent: 100 }],
    colours: variantColours(['control']),
  });
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <title>Host</title>
        <link rel="stylesheet" href="page.css" />
      </head>
      <body>
        <evenhand-part>
          <template shadowrootmode="open">
            <link rel="stylesheet" href="shadow.css" />
            ${strip}${button('Clear all', { look: 'main' })}
          </template>
        </evenhand-part>
      </body>
    </html>`;
  response.end(sheet ?? page.text);
};

describePages(
  'a shadow root in a page with hostile styles',
  () => onServer(serve),
  (pages) => {
    const styleOf = (selector: string, property: string) =>
      pages.page.evaluate<string>(
        `getComputedStyle(document.querySelector('evenhand-part').shadowRoot.querySelector('${selector}')).${property}`,
      );

    it('keeps its own sizes', async () => {
      await pages.open('page');
      expect(await styleOf('.button', 'fontSize')).toBe('13px');
      expect(await styleOf('.button', 'minHeight')).toBe('34px');
    });

    it.each([
      ['light', 'rgb(125, 132, 139)', 'rgb(22, 25, 28)', 'rgb(250, 249, 246)'],
      ['dark', 'rgb(131, 138, 145)', 'rgb(236, 238, 239)', 'rgb(18, 20, 22)'],
    ] as const)('keeps its own colours: %s', async (scheme, control, ink, paper) => {
      await pages.open('page', { scheme });
      expect(await styleOf('.v0', 'fill')).toBe(control);
      expect(await styleOf('.button', 'backgroundColor')).toBe(ink);
      expect(await styleOf('.button', 'color')).toBe(paper);
      expect(pages.complaints).toEqual([]);
    });
  },
);
