import { disclosure, emptyState, note, verdictLine } from '../../src/ui/blocks.ts';
import { html } from '../../src/ui/html.ts';

/** The texts of a piece of HTML, without its elements. */
const wordsOf = ({ text }: { readonly text: string }) =>
  text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('note', () => {
  it('shows a strong line, its meaning and actions, in the colour of its tone', () => {
    const shown = note('warn', 'bob <b> changed this first.', 'Not saved.', {
      actions: [html`<button>Discard my change</button>`],
    });
    expect(wordsOf(shown)).toBe('bob &lt;b&gt; changed this first. Not saved. Discard my change');
    expect(shown.text).toMatch(/^<div class="note warn">/);
    expect(shown.text).toContain('class="acts"');
  });

  it('leaves out what it does not have, and takes another icon', () => {
    const plain = note('quiet', '', 'Only the meaning.');
    expect(plain.text).not.toMatch(/<strong>|class="acts"/);
    expect(note('quiet', 'Read only.', '', { icon: 'lock' }).text).not.toBe(
      note('quiet', 'Read only.').text,
    );
  });
});

describe('emptyState', () => {
  it('says what to do next, with a picture and a button if there are any', () => {
    const full = emptyState('No experiments yet', 'Add one <here>.', {
      picture: html`<svg></svg>`,
      action: html`<a>New experiment</a>`,
    });
    expect(wordsOf(full)).toBe('No experiments yet Add one &lt;here&gt;. New experiment');
    expect(full.text).toContain('<svg>');
    expect(emptyState('Nothing', 'Wait.').text).not.toMatch(/svg|class="fit"/);
  });
});

describe('verdictLine and disclosure', () => {
  it('escape their texts', () => {
    expect(wordsOf(verdictLine('good', '<ok>', '<p>'))).toBe('&lt;ok&gt; &lt;p&gt;');
    expect(wordsOf(disclosure('<more>', html`<p>inside</p>`))).toBe('&lt;more&gt; inside');
  });
});
