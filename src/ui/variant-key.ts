import { html, type Html } from './html.ts';

/** The number of colours for variants besides the control's. */
const COLOURS = 5;

/**
 * Chooses the colour of each variant: `0` (grey) for the control, `1` to `5` for the others in their order,
 * `p` for parked variants, which lie flat. From the seventh variant on, colours repeat.
 */
export function variantColours(
  variants: readonly string[],
  control: string,
): ReadonlyMap<string, string> {
  let next = 0;
  return new Map(
    variants.map((name) => {
      if (name === control) return [name, '0'];
      if (name === 'inactive' || name === 'off') return [name, 'p'];
      next += 1;
      return [name, String(((next - 1) % COLOURS) + 1)];
    }),
  );
}

/** Draws a variant's name with its colour beside it: a square, or a dash if the variant is parked. */
export function variantKey(name: string, colour: string): Html {
  const shape =
    colour === 'p'
      ? html`<rect class="vp" y="6" width="9" height="3" rx="1" />`
      : html`<rect class="v${colour}" width="9" height="9" rx="2" />`;
  return html`<span class="key"
    ><svg viewBox="0 0 9 9" aria-hidden="true">${shape}</svg><span>${name}</span></span
  >`;
}
