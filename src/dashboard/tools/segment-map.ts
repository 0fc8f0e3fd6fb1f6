import { html, type Html } from '../../ui/html.ts';

/** The number of segments in one line of the map. */
const COLUMNS = 100;

/**
 * Draws the segments of a namespace line by line, a hundred to a line; free ones are pale.
 *
 * @param owners the position of the experiment that has each segment, -1 for none
 * @param colours the colour of each experiment, as `variantColours()` gives them
 */
export function segmentMap(
  owners: readonly number[],
  colours: readonly string[],
  label: string,
): Html {
  const lines = Math.ceil(owners.length / COLUMNS);
  const width = Math.min(COLUMNS, owners.length);
  const paths = new Map<number, string>();
  for (let from = 0; from < owners.length;) {
    const owner = owners[from] ?? -1;
    let to = from + 1;
    while (to < owners.length && to % COLUMNS !== 0 && owners[to] === owner) to++;
    const [x, y] = [from % COLUMNS, Math.floor(from / COLUMNS)];
    paths.set(owner, `${paths.get(owner) ?? ''}M${x} ${y}h${to - from}v1h-${to - from}z`);
    from = to;
  }
  const drawn = [...paths].map(([owner, path]) => {
    const colour = owner < 0 ? 'free' : `v${colours[owner] ?? 'p'}`;
    return html`<path class="${colour}" d="${path}" />`;
  });
  return html`<svg
    class="segment-map"
    viewBox="0 0 ${width} ${lines}"
    role="img"
    aria-label="${label}"
  >
    ${drawn}
  </svg>`;
}
