import { formatCount, formatPoints, formatShare, trimZeros } from '../figures.ts';
import { html, type Html } from '../html.ts';
import { variantKey } from '../variant-key.ts';
import { intervalChart, reachOf } from './interval-chart.ts';

/** The units of one variant. */
export interface SplitRow {
  readonly variant: string;
  readonly colour: string;
  readonly units: number;
  /** The share of its allocation, [0, 1]. */
  readonly expectedShare: number;
  /** The counted share, [0, 1]. */
  readonly share: number;
  /** The limits of the 95% interval of the counted share. */
  readonly low: number;
  readonly high: number;
}

/** Options of {@link splitTable}. */
export interface SplitTableOptions {
  /** The deviation at both ends of the axis, as a share. */
  readonly reach: number;
  /** True draws all intervals in red. Default: false. */
  readonly isOff?: boolean;
}

/** Returns the scale on which the deviations of all these rows fit. */
export function splitReach(rows: readonly SplitRow[]): number {
  const limits = rows.flatMap(({ expectedShare, low, high }) => [
    low - expectedShare,
    high - expectedShare,
  ]);
  return reachOf(limits, 1);
}

/** Renders the units of each variant against its allocation, with the deviation on a common scale. */
export function splitTable(rows: readonly SplitRow[], options: SplitTableOptions): Html {
  const { reach } = options;
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
      ${rows.map((row) => variantRow(row, options))}
    </tbody>
  </table>`;
}

function variantRow(
  { variant, colour, units, expectedShare, share, low, high }: SplitRow,
  { reach, isOff = false }: SplitTableOptions,
): Html {
  const off = share - expectedShare;
  const label = `${variant}: ${formatPoints(off)} points, 95% interval ${formatPoints(low - expectedShare)} to ${formatPoints(high - expectedShare)}`;
  const chart = intervalChart({
    estimate: off,
    low: low - expectedShare,
    high: high - expectedShare,
    reach,
    colour: isOff ? 'bad' : colour,
    label,
  });
  return html`<tr role="row">
    <th scope="row" role="rowheader">${variantKey(variant, colour)}</th>
    <td role="cell" class="num units">
      ${formatCount(units)}<span class="arm"> ${units === 1 ? 'unit' : 'units'}</span>
    </td>
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
