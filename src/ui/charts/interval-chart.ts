import { html, type Html } from '../html.ts';

/** An estimate and its interval. Null: unknown, or an open end of the interval. */
export interface IntervalMarks {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The value at both ends of the axis; zero is in the middle. */
  readonly reach: number;
  /** The colour of the variant, or `bad` for an alarm. */
  readonly colour: string;
  /** A further mark, such as the margin of a guardrail. */
  readonly limit?: number;
  /** The figures in words. */
  readonly label: string;
}

const HEIGHT = 26;
const MIDDLE = HEIGHT / 2;

/** The part of the width on each side of zero, in percent; the rest is for the arrows of open ends. */
const SIDE = 48;

/**
 * Draws a difference with its interval on an axis around zero. An interval that is open, or wider than the
 * axis, ends in an arrow.
 */
export function intervalChart(marks: IntervalMarks): Html {
  const { estimate, low, high, reach, colour, limit, label } = marks;
  const at = (value: number): number =>
    Math.round((50 + Math.max(-1, Math.min(1, value / reach)) * SIDE) * 100) / 100;
  const line = colour === 'bad' ? 'sbad' : `s${colour}`;
  const fill = colour === 'bad' ? 'vbad' : `v${colour}`;
  const from = low === null ? 50 - SIDE : at(low);
  const to = high === null ? 50 + SIDE : at(high);
  const left = low === null || low < -reach;
  const right = high === null || high > reach;
  const isKnown = estimate !== null;
  return html`<svg
    class="interval"
    width="100%"
    height="${HEIGHT}"
    role="img"
    aria-label="${label}"
  >
    <line class="axis" x1="0" x2="100%" y1="${MIDDLE}" y2="${MIDDLE}" />
    ${
      limit === undefined || Math.abs(limit) > reach
        ? ''
        : html`<line
            class="limit"
            x1="${at(limit)}%"
            x2="${at(limit)}%"
            y1="5"
            y2="${HEIGHT - 5}"
          />`
    }
    <line class="zero" x1="50%" x2="50%" y1="2" y2="${HEIGHT - 2}" />
    ${
      isKnown
        ? html`<line class="ci ${line}" x1="${from}%" x2="${to}%" y1="${MIDDLE}" y2="${MIDDLE}" />`
        : ''
    }${isKnown && left ? arrow(50 - SIDE, -1, line) : ''}${isKnown && right ? arrow(50 + SIDE, 1, line) : ''}${
      isKnown ? html`<circle class="${fill}" cx="${at(estimate)}%" cy="${MIDDLE}" r="4.5" />` : ''
    }
  </svg>`;
}

function arrow(percent: number, direction: 1 | -1, line: string): Html {
  const tip = direction * 4;
  return html`<svg x="${percent}%" y="${MIDDLE}" overflow="visible">
    <path class="ci ${line}" d="M0 -4L${tip} 0L0 4" />
  </svg>`;
}

/** The steps of a scale within one power of ten. */
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/**
 * Returns the reach of an axis on which all these values fit: the next round number.
 *
 * @param most the largest reach; larger values end in arrows
 */
export function reachOf(values: readonly (number | null)[], most: number): number {
  const finite = values.filter((value) => value !== null && Number.isFinite(value));
  const largest = Math.min(most, Math.max(0, ...finite.map((value) => Math.abs(value ?? 0))));
  if (largest === 0) return Math.min(most, 1);
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = STEPS.find((one) => one * power >= largest * 0.999) ?? 10;
  return Math.min(most, Number((step * power).toPrecision(3)));
}
