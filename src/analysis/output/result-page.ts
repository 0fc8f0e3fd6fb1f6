import { disclosure, factList, note, panel, verdictLine } from '../../ui/blocks.ts';
import { html, type Html } from '../../ui/html.ts';
import { singlePage } from '../../ui/page.ts';
import { variantColours } from '../../ui/variant-key.ts';
import type { Dialect } from '../engine.ts';
import type { Result } from '../result/result.ts';
import { formatCount, formatNumber, formatTime } from '../../ui/figures.ts';
import type { Fact } from './metric-facts.ts';
import { type ForestFrame, forestReach, metricTable } from './page/metric-table.ts';
import { metricDetails, pairs } from './page/metric-details.ts';
import { segmentPanels } from './page/segment-panels.ts';
import { splitPanel } from './page/split-panel.ts';
import { timeLinePanel } from './page/time-line-panel.ts';
import {
  confidenceText,
  describeComparison,
  describeUnits,
  isWithheld,
  listedWarnings,
  marginText,
  marginNote,
  metricGroups,
  resultTone,
  withheldReason,
} from './words.ts';

/** Options of {@link resultPage}. */
export interface ResultPageOptions {
  /** The text at the right of the header. Default: `Evenhand analysis`. */
  readonly origin?: string;
  /** The statement that computed the moments, shown folded. Default: none. */
  readonly statement?: { readonly dialect: Dialect; readonly sql: string };
}

/**
 * Renders a result as one HTML page that loads nothing and needs no script, for light and dark schemes,
 * phones and print. If the result is withheld, the page says why and shows no differences.
 */
export function resultPage(result: Result, options: ResultPageOptions = {}): string {
  const { experiment, variants, control } = result;
  const others = Object.keys(result.units.notCompared);
  const colours = variantColours([...variants, ...others], control);
  const frame: ForestFrame = {
    control,
    treatments: variants.filter((name) => name !== control),
    colours,
    reach: forestReach(result.metrics),
    confidence: confidenceText(result.look),
  };
  const shown = isWithheld(result)
    ? html``
    : html`${resultsPanel(result, frame)}${segmentPanels(result, frame)}${timeLinePanel(result, colours)}`;
  const body = html`<h1>${experiment}</h1>
    <p class="lead">${result.description ?? describeComparison(result)}</p>
    ${headFacts(result)}
    <div class="stack">
      ${summaryNote(result)}${listedWarnings(result).map(({ text }) => note('warn', '', text))}
      ${splitPanel(result, colours)}${shown}${dataPanel(result)}${methodPanel(result, options)}
    </div>`;
  return singlePage({
    title: `Result of ${experiment}`,
    origin: options.origin ?? 'Evenhand analysis',
    body,
  });
}

function headFacts({ units, period, identity, checksum }: Result): Html {
  const facts: Fact[] = [
    ['Units', formatCount(units.total)],
    ['Identity', identity],
    ['Checksum', checksum],
    ...(period.from === null ? [] : [['From', formatTime(period.from)] as const]),
    ['Until', formatTime(period.until)],
    ...(period.plannedEnd === null
      ? []
      : [['Planned end', formatTime(period.plannedEnd)] as const]),
  ];
  return factList(facts);
}

function summaryNote(result: Result): Html {
  const reason = withheldReason(result);
  const partial = result.partial ? ' This result is partial; see the warnings.' : '';
  return note(resultTone(result), result.summary, `${reason}${partial}`);
}

function resultsPanel(result: Result, frame: ForestFrame): Html {
  const { metrics, look } = result;
  const groups = metricGroups(metrics).map((group) => ({
    title: group.title,
    rows: group.metrics.map((metric) => ({ metric, note: marginNote(metric, group) })),
  }));
  return panel(
    'results',
    'Results',
    describeComparison(result),
    html`${verdictLine('quiet', look.method === 'fixed' ? 'Final look.' : 'Always valid.', look.text)}${metricTable(groups, frame)}${metricDetails(metrics, frame.colours)}`,
  );
}

function dataPanel({ units, data }: Result): Html {
  const notes = data.map(({ text }) => html`<li>${text}</li> `);
  return panel(
    'data',
    'Data',
    'what was counted, and what was left out',
    html`<p class="tab">${describeUnits(units)}.</p>
      <ul class="notes tab">
        ${notes}
      </ul>`,
  );
}

function methodPanel({ look, control, period }: Result, { statement }: ResultPageOptions): Html {
  const facts: Fact[] = [
    ['Intervals', look.text],
    [
      'Confidence',
      `${marginText(look.confidence)}; the error rate of this look is ${marginText(look.alpha)}`,
    ],
    ['Planned units', look.plannedUnits === null ? 'not set' : formatCount(look.plannedUnits)],
    ['Planned end', period.plannedEnd === null ? 'not set' : formatTime(period.plannedEnd)],
    ['Tuning', `the sequential interval is tightest at ${formatNumber(look.tuning)} units`],
    ['Control', control],
    ...(statement === undefined ? [] : [['SQL dialect', statement.dialect] as const]),
  ];
  const sql =
    statement === undefined ? '' : disclosure('The statement', html`<pre>${statement.sql}</pre>`);
  return panel('method', 'How it was computed', '', html`${pairs(facts)}${sql}`);
}
