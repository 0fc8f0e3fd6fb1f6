import { html, type Html } from '../html.ts';
import { type VariantColours, variantMark } from '../variant-key.ts';
import { percentText, runsOf, type VariantShare } from './runs.ts';

/** Options of {@link allocationBar}. */
export interface AllocationBarOptions {
  /** Pixels. Default: 10. */
  readonly height?: number;
  /** Words before the figures in the label, such as the audience. Default: none. */
  readonly label?: string;
}

/** The bar is as exact as the buckets of the finest experiments. */
const WIDTH = 10_000;

/** Narrower segments are drawn over the gaps, which would cover them. */
const THIN = WIDTH / 50;

const PARKED_HEIGHT = 3;

/** Draws an allocation as one bar: shown variants at full height, parked variants flat. */
export function allocationBar(
  shares: readonly VariantShare[],
  colours: VariantColours,
  { height = 10, label = '' }: AllocationBarOptions = {},
): Html {
  const runs = runsOf(shares, WIDTH);
  const segment = ({ variant, from, to }: (typeof runs)[number]): Html => {
    const colour = colours.get(variant) ?? 'p';
    const tall = colour === 'p' ? PARKED_HEIGHT : height;
    return html`<rect
      class="v${colour}"
      x="${from}"
      y="${height - tall}"
      width="${to - from}"
      height="${tall}"
      ><title>${variant} ${percentText((to - from) / 100)}</title></rect
    >`;
  };
  const isThin = ({ from, to }: (typeof runs)[number]): boolean => to - from < THIN;
  const cuts = runs.slice(1).map(({ from }) => `M${from} 0V${height}`);
  const figures = runs.map(
    ({ variant, from, to }) => `${variant} ${percentText((to - from) / 100)}`,
  );
  return html`<svg
    class="alloc"
    viewBox="0 0 ${WIDTH} ${height}"
    height="${height}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label === '' ? '' : `${label}: `}${figures.join(', ')}"
  >
    ${runs.filter((run) => !isThin(run)).map(segment)}
    <path class="cut" vector-effect="non-scaling-stroke" d="${cuts.join('')}" />
    ${runs.filter(isThin).map(segment)}
  </svg>`;
}

/** Lists the variants of an allocation with their colours and percents; those without a share are left out. */
export function allocationLegend(shares: readonly VariantShare[], colours: VariantColours): Html {
  const totals = new Map<string, number>();
  for (const { variant, percent } of shares) {
    if (percent > 0) totals.set(variant, (totals.get(variant) ?? 0) + percent);
  }
  const items = [...totals].map(
    ([variant, percent]) =>
      html`<li class="key">
        ${variantMark(colours.get(variant) ?? 'p')}<span
          ><b>${variant}</b> ${percentText(percent)}</span
        >
      </li> `,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
