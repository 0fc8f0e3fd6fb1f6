import { type ForestRow, forestTable } from '../../../src/ui/charts/forest-table.ts';
import { html } from '../../../src/ui/html.ts';

const ROW: ForestRow = {
  metric: 'purchases',
  about: 'share of units with <purchase>',
  control: { variant: 'control', text: '11.84%' },
  treatment: { variant: 'one_page', text: '12.55%' },
  colour: null,
  chart: html`<svg></svg>`,
  difference: '+6.0%',
  below: ['+1.1% to +10.9%'],
  verdict: { tone: 'good', text: 'better' },
};
const HEAD = { control: 'control', treatment: 'one_page', scale: '−15% to +15%' };

/** The texts of a table in their order. */
const wordsOf = (rows: readonly ForestRow[], title = '') =>
  forestTable(HEAD, [{ title, rows }])
    .text.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^.*verdict /, '');

describe('forestTable', () => {
  it('shows metric, definition, both values, difference, interval and verdict', () => {
    expect(wordsOf([ROW], 'Primary metric')).toBe(
      'Primary metric purchases share of units with &lt;purchase&gt; ' +
        'control 11.84% one_page 12.55% +6.0% +1.1% to +10.9% better',
    );
  });

  it('names the treatment in each row if there are several, and the metric only once', () => {
    const second = { ...ROW, about: null, colour: '2', treatment: { variant: 'long', text: '9%' } };
    const { text } = forestTable(HEAD, [{ title: '', rows: [{ ...ROW, colour: '1' }, second] }]);
    expect(text.match(/class="key"/g)).toHaveLength(2);
    expect(text.match(/class="vh">purchases</g)).toHaveLength(1);
    expect(text).not.toContain('class="group"');
  });

  it('puts an icon beside verdicts that are good or bad', () => {
    const icons = (tone: 'good' | 'bad' | 'quiet') =>
      forestTable(HEAD, [
        { title: '', rows: [{ ...ROW, verdict: { tone, text: 'x' } }] },
      ]).text.match(/class="icon"/g)?.length ?? 0;
    expect([icons('good'), icons('bad'), icons('quiet')]).toEqual([1, 1, 0]);
  });
});
