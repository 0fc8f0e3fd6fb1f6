import { diffView } from '../../../src/ui/history/diff-view.ts';
import { historyTimeline } from '../../../src/ui/history/history-timeline.ts';
import { html } from '../../../src/ui/html.ts';

describe('historyTimeline', () => {
  it('lists version, reason, author, time, action, difference and effect of each change, as text', () => {
    const { text } = historyTimeline([
      {
        version: 'v7',
        reason: '<b>ramp</b>',
        author: 'ada',
        time: '10 Nov, 09:12',
        diff: diffView('control 8', 'control 25'),
        effect: '34% joined.',
        action: html`<button>Undo</button>`,
      },
      { version: 'v6', reason: 'start', author: 'bob', time: '7 Nov' },
    ]);
    const words = text
      .replaceAll(/<(?!button)[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(words).toBe(
      'v7 &lt;b&gt;ramp&lt;/b&gt; ada, 10 Nov, 09:12 <button>Undo − control 8 + control 25 34% joined. v6 start bob, 7 Nov',
    );
    expect(text.match(/<li>/g)).toHaveLength(2);
  });
});
