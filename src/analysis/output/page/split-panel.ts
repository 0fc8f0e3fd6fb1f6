import { disclosure, panel, verdictLine } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { type SplitRow, splitReach, splitTable } from '../../../ui/charts/split-table.ts';
import type { AudienceSplit, Result, SplitTest } from '../../result/result.ts';
import { formatP, formatPlural } from '../../../ui/figures.ts';
import type { Fact } from '../metric-facts.ts';
import { audienceTitle, SPLIT_CAUSES } from '../words.ts';
import { pairs } from './metric-details.ts';

/** Renders the sample-ratio test: the verdict, and each audience's shares against its allocation. */
export function splitPanel(result: Result, colours: ReadonlyMap<string, string>): Html {
  const { split } = result;
  const { audiences, status } = split;
  const reach = splitReach(audiences.flatMap((audience) => rowsOf(audience, colours)));
  const tone = status === 'right' ? 'good' : status === 'off' ? 'bad' : 'quiet';
  const causes =
    status === 'off'
      ? disclosure(
          'What to look for',
          html`<ul class="small">
            ${SPLIT_CAUSES.map((cause) => html`<li>${cause}</li>`)}
          </ul>`,
        )
      : '';
  const tables = audiences.map(
    (audience) =>
      html`<div class="aud">
        ${audiences.length > 1 || audience.rule !== undefined ? heading(audience, audiences.length) : ''}${splitTable(rowsOf(audience, colours), { reach })}
      </div> `,
  );
  return panel(
    'split',
    'Split',
    'the units of each variant against its allocation (sample-ratio test)',
    html`${verdictLine(tone, split.text)}${causes}${tables}${furtherTests(result)}`,
  );
}

function heading(audience: AudienceSplit, count: number): Html {
  const { test, pValueHolm, rule } = audience;
  const figures =
    test === null ? 'too few units to test' : formatP(pValueHolm ?? test.pValue, test.lnPValue);
  return html`<p class="small">
    ${rule === undefined ? audienceTitle(audience, count) : html`Audience ${audience.audience + 1}: <code>${rule}</code>`}
    <span class="quiet tab">${figures}</span>
  </p>`;
}

function rowsOf(
  { variants }: AudienceSplit,
  colours: ReadonlyMap<string, string>,
): readonly SplitRow[] {
  return variants.map(({ variant, interval: [low, high], ...rest }) => ({
    ...rest,
    variant,
    colour: colours.get(variant) ?? 'p',
    low,
    high,
  }));
}

function furtherTests({ split }: Result): Html | string {
  const facts: Fact[] = [];
  const add = (label: string, test: SplitTest | null): void => {
    if (test === null) return;
    const { statistic, degreesOfFreedom, pValue, lnPValue } = test;
    const degrees = formatPlural(degreesOfFreedom, 'degree');
    facts.push([
      label,
      `chi-square ${statistic.toFixed(2)} with ${degrees} of freedom, ${formatP(pValue, lnPValue)}`,
    ]);
  };
  add('Audiences added up', split.addedUp);
  add('All units together', split.overall);
  add('With units of several variants', split.withMixed);
  return facts.length === 0 ? '' : disclosure('Further tests of the split', pairs(facts));
}
