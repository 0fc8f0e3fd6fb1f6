import { disclosure, panel, verdictLine } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { intervalChart, reachOf } from '../../../ui/charts/interval-chart.ts';
import { variantKey } from '../../../ui/variant-key.ts';
import type { AudienceSplit, Result, SplitTest, VariantSplit } from '../../result/result.ts';
import {
  formatCount,
  formatP,
  formatPlural,
  formatPoints,
  formatShare,
  trimZeros,
} from '../format.ts';
import type { Fact } from '../metric-facts.ts';
import { audienceTitle, SPLIT_CAUSES } from '../words.ts';
import { pairs } from './metric-details.ts';

/** Renders the sample-ratio test: the verdict, and each audience's shares against its allocation. */
export function splitPanel(result: Result, colours: ReadonlyMap<string, string>): Html {
  const { split } = result;
  const { audiences, status } = split;
  const reach = reachOf(
    audiences.flatMap(({ variants }) =>
      variants.flatMap(({ expectedShare, interval: [low, high] }) => [
        low - expectedShare,
        high - expectedShare,
      ]),
    ),
    1,
  );
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
        ${audiences.length > 1 || audience.rule !== undefined ? heading(audience, audiences.length) : ''}${table(audience, reach, colours)}
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

function table(
  { variants }: AudienceSplit,
  reach: number,
  colours: ReadonlyMap<string, string>,
): Html {
  return html`<table class="grid splits" role="table">
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">Variant</th>
        <th scope="col" role="columnheader" class="num">units</th>
        <th scope="col" role="columnheader" class="num">should be</th>
        <th scope="col" role="columnheader" class="num">is</th>
        <th scope="col" role="columnheader" class="chart">
          points off, ${trimZeros(formatPoints(-reach))} to ${trimZeros(formatPoints(reach))}, 95%
          interval
        </th>
        <th scope="col" role="columnheader" class="num"><span class="vh">points off</span></th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${variants.map((one) => variantRow(one, reach, colours))}
    </tbody>
  </table>`;
}

function variantRow(
  { variant, units, expectedShare, share, interval: [low, high] }: VariantSplit,
  reach: number,
  colours: ReadonlyMap<string, string>,
): Html {
  const colour = colours.get(variant) ?? 'p';
  const off = share - expectedShare;
  const label = `${variant}: ${formatPoints(off)} points, 95% interval ${formatPoints(low - expectedShare)} to ${formatPoints(high - expectedShare)}`;
  const chart = intervalChart({
    estimate: off,
    low: low - expectedShare,
    high: high - expectedShare,
    reach,
    colour,
    label,
  });
  return html`<tr role="row">
    <th scope="row" role="rowheader">${variantKey(variant, colour)}</th>
    <td role="cell" class="num units">${formatCount(units)}<span class="arm"> units</span></td>
    <td role="cell" class="num want">${trimZeros(formatShare(expectedShare))}</td>
    <td role="cell" class="num share">
      ${formatShare(share)}<span class="arm">
        instead of ${trimZeros(formatShare(expectedShare))}</span
      >
    </td>
    <td role="cell" class="chart">${chart}</td>
    <td role="cell" class="num off">${formatPoints(off)}</td>
  </tr> `;
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
