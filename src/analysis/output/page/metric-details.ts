import { disclosure } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { variantKey } from '../../../ui/variant-key.ts';
import type { ArmResult, MetricResult } from '../../result/result.ts';
import { formatCount, formatNumber } from '../../../ui/figures.ts';
import { formatValue } from '../format.ts';
import { comparisonFacts, type Fact, metricFacts } from '../metric-facts.ts';

/** Renders the figures behind each metric, folded: the values by variant, CUPED, p-values, the second opinion. */
export function metricDetails(
  metrics: readonly MetricResult[],
  colours: ReadonlyMap<string, string>,
): Html {
  const parts = metrics.map((metric) =>
    disclosure(
      html`${metric.name}: all figures, CUPED and second opinion`,
      html`${armTable(metric, colours)}${pairs(metricFacts(metric))}${metric.comparisons.map(
        (comparison) =>
          html`<h3>${comparison.variant}</h3>
            ${pairs(comparisonFacts(metric, comparison))}`,
      )}`,
    ),
  );
  return html`<div class="disclosures">${parts}</div>`;
}

/** Renders labels with their texts. */
export function pairs(facts: readonly Fact[]): Html {
  const rows = facts.map(
    ([label, text]) =>
      html`<dt>${label}</dt>
        <dd>${text}</dd> `,
  );
  return html`<dl class="pairs small tab">${rows}</dl>`;
}

function armTable({ name, type, arms }: MetricResult, colours: ReadonlyMap<string, string>): Html {
  const row = ({ variant, n, value, standardError, numerator, denominator }: ArmResult): Html =>
    html`<tr>
      <th scope="row">${variantKey(variant, colours.get(variant) ?? '1')}</th>
      <td class="num">${formatCount(n)}</td>
      <td class="num">${formatNumber(numerator)}</td>
      <td class="num">${formatNumber(denominator)}</td>
      <td class="num">${formatValue(type, value)}</td>
      <td class="num">${formatValue(type, standardError)}</td>
    </tr> `;
  return html`<div
    class="scroll-x"
    role="region"
    aria-label="${name}, values by variant"
    tabindex="0"
  >
    <table class="grid small">
      <thead>
        <tr>
          <th scope="col">Variant</th>
          <th scope="col" class="num">units</th>
          <th scope="col" class="num">numerator</th>
          <th scope="col" class="num">divided by</th>
          <th scope="col" class="num">value</th>
          <th scope="col" class="num">standard error</th>
        </tr>
      </thead>
      <tbody>
        ${arms.map(row)}
      </tbody>
    </table>
  </div>`;
}
