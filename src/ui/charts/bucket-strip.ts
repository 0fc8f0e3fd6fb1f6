import { html, type Html } from '../html.ts';
import type { VariantColours } from '../variant-key.ts';
import { rangeText, stripLabel } from './bucket-strip-label.ts';
import { NAMES_HEIGHT, needNames, runNames } from './run-names.ts';
import { rulerLabels } from './ruler.ts';
import { movedRuns, type Run, runsOf, type VariantShare } from './runs.ts';

/** The figures and the form of a bucket strip. */
export interface BucketStrip {
  readonly shares: readonly VariantShare[];
  readonly colours: VariantColours;
  /** A user's bucket, marked with a triangle. Default: none. */
  readonly pin?: number;
  /** The shares before a change; buckets that change hands get a line above. Default: no change. */
  readonly before?: readonly VariantShare[];
  /** The height of shown variants in pixels. Default: 22. */
  readonly height?: number;
  /** Shows bucket numbers below the strip. Default: true. */
  readonly ruler?: boolean;
  /** The number of buckets: 100, or 10,000, whose hundreds are drawn as one cell. Default: 100. */
  readonly buckets?: number;
}

/** The width of the stretched picture: ten units a cell. */
const WIDTH = 1000;

const CELLS = 100;

/** The space above the strip for the pin and the lines of buckets that change hands. */
const HEADROOM = 8;

const RULER_HEIGHT = 18;

const PARKED_HEIGHT = 5;

/** Narrower runs are drawn over the cuts, which would cover them. */
const THIN = WIDTH / CELLS;

/**
 * Draws the buckets of an audience in their order: shown variants at full height, parked variants flat. If
 * two variants have the same colour, their names stand below. Put it into an element with the class `fit`: in narrow ones, only every tenth gap is drawn.
 */
export function bucketStrip(strip: BucketStrip): Html {
  const { shares, colours, pin, before, height = 22, ruler = true, buckets = CELLS } = strip;
  const runs = runsOf(shares, buckets);
  const isParked = (variant: string): boolean => (colours.get(variant) ?? 'p') === 'p';
  const moved = before === undefined ? [] : movedRuns(runsOf(before, buckets), runs, isParked);
  const top = pin === undefined && before === undefined ? 0 : HEADROOM;
  const bottom = top + height;
  const x = (bucket: number): number => round((bucket / buckets) * WIDTH);
  const percent = (bucket: number): number => round((bucket / buckets) * 100);
  const cell = ({ variant, from, to }: Run): Html => {
    const tall = isParked(variant) ? Math.min(height, PARKED_HEIGHT) : height;
    return html`<rect
      class="v${colours.get(variant) ?? 'p'}"
      x="${x(from)}"
      y="${bottom - tall}"
      width="${round(x(to) - x(from))}"
      height="${tall}"
      ><title>${variant}: ${rangeText({ from, to })}</title></rect
    >`;
  };
  const isThin = ({ from, to }: Run): boolean => x(to) - x(from) < THIN;
  const cuts = runs.slice(1).map(({ from }) => `M${x(from)} ${top}V${bottom}`);
  const marks = moved.map(
    ({ from, to, isSwitch }) =>
      html`<line
        class="${isSwitch ? 'moved bad' : 'moved'}"
        x1="${percent(from)}%"
        x2="${percent(to)}%"
        y1="3"
        y2="3"
      />`,
  );
  const hasNames = needNames(runs, colours);
  const belowRuler = bottom + (ruler ? RULER_HEIGHT : 2);
  const whole = hasNames ? belowRuler + NAMES_HEIGHT : bottom + (ruler ? RULER_HEIGHT : 0);
  const label = stripLabel({ runs, moved, buckets, ...(pin !== undefined && { pin }) });
  return html`<svg class="strip" width="100%" height="${whole}" role="img" aria-label="${label}">
    <svg
      viewBox="0 0 ${WIDTH} ${bottom}"
      width="100%"
      height="${bottom}"
      preserveAspectRatio="none"
    >
      ${runs.filter((run) => !isThin(run)).map(cell)}${gaps(10, top, height, 'gap fine')}${gaps(100, top, height, 'gap')}${stroke('cut', cuts.join(''))}${runs.filter(isThin).map(cell)}</svg
    >${marks}${ruler ? rulerLabels(runs, buckets, bottom + 14) : ''}${hasNames ? runNames(runs, buckets, belowRuler) : ''}${pin === undefined ? '' : pinAt(round(((pin + 0.5) / buckets) * 100))}
  </svg>`;
}

function stroke(name: string, d: string): Html {
  return html`<path class="${name}" vector-effect="non-scaling-stroke" d="${d}" />`;
}

function gaps(step: number, top: number, height: number, name: string): Html {
  const next = `m${step}-${height}v${height}`;
  return stroke(name, `M${step} ${top}v${height}${next.repeat(WIDTH / step - 2)}`);
}

function pinAt(percent: number): Html {
  return html`<svg x="${percent}%" overflow="visible">
    <path class="vink pin" d="M-5 0h10L0 6.5z" />
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
