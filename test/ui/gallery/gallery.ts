import {
  disclosure,
  emptyState,
  factList,
  note,
  panel,
  verdictLine,
} from '../../../src/ui/blocks.ts';
import { button, linkButton } from '../../../src/ui/controls/buttons.ts';
import { chips, tag } from '../../../src/ui/controls/chips.ts';
import { field, searchField } from '../../../src/ui/controls/fields.ts';
import { partlyOn, switchControl } from '../../../src/ui/controls/switches.ts';
import { diffView } from '../../../src/ui/history/diff-view.ts';
import { historyTimeline } from '../../../src/ui/history/history-timeline.ts';
import { html, type Html } from '../../../src/ui/html.ts';
import { icon, type IconName, mark } from '../../../src/ui/icons.ts';
import { charts } from './charts.ts';

/** A name that would change the page if it were not text. */
export const HOSTILE = `"><script>document.title='taken'</script><b style=color:red>\u202ename\u0000`;

const ICONS: readonly IconName[] = [
  'alert',
  'check',
  'clock',
  'copy',
  'cross',
  'down',
  'info',
  'link',
  'lock',
  'more',
  'open',
  'plus',
  'search',
  'undo',
  'user',
];

/** A page with all blocks, controls and charts, for a server that sends `/style.css`. */
export function gallery(): string {
  const body = html`<h1>All blocks</h1>
    <p class="lead">Everything that pages are made of.</p>
    ${factList([
      ['Owner', 'checkout team'],
      ['Name', HOSTILE],
    ])}
    <div class="cols">
      <div class="stack">${notes()}${controls()}${charts(HOSTILE)}</div>
      <aside class="stack" aria-label="History">${history()}${empty()}</aside>
    </div>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Gallery</title>
        <link rel="stylesheet" href="style.css" />
      </head>
      <body>
        <header class="top">
          <div class="wrap bar">
            <span class="brand">${mark()}Evenhand</span><span class="quiet small">gallery</span>
          </div>
        </header>
        <main class="wrap">${body}</main>
      </body>
    </html> `.text;
}

function notes(): Html {
  const causes = html`<ul class="small">
    <li>a variant that fails or redirects</li>
  </ul>`;
  return html`${note('bad', 'The split of search_ranking is off.', html`p = 0.00021. ${disclosure('What to look for', causes, true)}`)}
  ${note(
    'warn',
    'bob changed this first.',
    html`Your change was not saved.${diffView('"free_shipping:on"', '"free_shipping:off"')}`,
    {
      actions: [
        button('Apply my change to version 12', { look: 'main' }),
        button('Discard my change'),
      ],
    },
  )}
  ${note('quiet', 'Read only.', html`These experiments come from <code>https://config.shop.example/a-long-address/experiments.json</code>.`, { icon: 'lock' })}
  ${note('good', HOSTILE, HOSTILE)}`;
}

function controls(): Html {
  const body = html`<div class="acts">
      ${button('Ramp to 40%', { look: 'main' })}${button('Undo', { icon: 'undo' })}${button('Clear all', { look: 'bare' })}${button('Ramp to 65%', { look: 'danger' })}${button('Ramp to 65%', { isDisabled: true })}${linkButton('New experiment', '#new', { icon: 'plus' })}
    </div>
    <div class="block">
      ${chips('Filter', [
        { text: 'All', href: '#', count: '38', isCurrent: true },
        { text: 'Split is off', href: '#alarm', count: '1', isAlarm: true },
        ...['Running', 'Not started', 'Stale', 'Mine'].map((text) => ({ text, href: `#${text}` })),
      ])}
    </div>
    <p class="block">
      <strong>checkout_steps</strong> ${tag('stale', 'warn', 'clock')}
      ${tag('split is off', 'bad', 'alert')} ${tag('ready to decide', 'good', 'check')}
      ${tag('production')} ${tag(HOSTILE)}
    </p>
    <form class="block">
      ${searchField('Search experiments', 'q')}
      ${field({ label: 'Reason', name: 'reason', placeholder: 'ticket 501' })}
      ${field({ label: 'Percent', name: 'percent', type: 'number', value: '140', problem: 'at most 100' })}
      ${field({ label: 'Context', name: 'context', type: 'lines', value: '{ "user": { "id": 7 } }' })}
      ${field({ label: HOSTILE, name: 'hostile', value: HOSTILE, isReadOnly: true })}
    </form>
    <div class="block acts">
      ${switchControl({ label: 'free_shipping', isOn: true, name: 'flip', value: 'free_shipping' })}
      ${switchControl({ label: 'gift_cards', isOn: false, name: 'flip', value: 'gift_cards' })}
      ${switchControl({ label: 'old', isOn: true, name: 'flip', value: 'old', isDisabled: true })}
      ${partlyOn('new_search', '50%', '#new_search')}
    </div>
    <p class="block acts">${ICONS.map((name) => icon(name))}${icon('cross', 'Close')}</p>`;
  return panel('controls', 'Controls', 'buttons, fields, switches', body);
}

function history(): Html {
  const undo = html`<form>${button('Undo', { look: 'bare', icon: 'undo' })}</form>`;
  const entries = historyTimeline([
    {
      version: 'v7',
      reason: 'ramp to a quarter, ticket 482',
      author: 'ada',
      time: '10 Nov, 09:12',
      diff: diffView(
        'audience 1\ncontrol 8, one_page 8, inactive 84',
        'audience 1\ncontrol 25, one_page 25, inactive 50',
      ),
      effect: '34% joined; no one sees a different variant.',
    },
    {
      version: 'v6',
      reason: 'paying plans only',
      author: 'bob',
      time: '7 Nov, 16:40',
      diff: diffView('locale == "en-US"', 'locale == "en-US" and user.plan in ["pro", "team"]'),
      action: undo,
    },
    { version: 'v5', reason: HOSTILE, author: HOSTILE, time: '7 Nov, 11:02', action: undo },
  ]);
  return panel(
    'history',
    'History',
    '',
    html`${verdictLine('good', 'Split looks right', '(p = 0.41, 24,180 units)')}${verdictLine('bad', 'Split is off', '(p = 0.00021)')}${verdictLine('quiet', 'Too few units to test.')}${entries}`,
  );
}

function empty(): Html {
  return emptyState('No experiments yet', html`Add one to <code>experiments.config.json</code>.`, {
    action: linkButton('New experiment', '#new', { look: 'main' }),
  });
}
