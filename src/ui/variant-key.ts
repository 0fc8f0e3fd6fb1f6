import { html, type Html } from './html.ts';

/** The number of colours for variants besides the control's. */
const COLOURS = 5;

/** Variants that show nothing: they are drawn as a flat line. */
const PARKED: ReadonlySet<string> = new Set(['inactive', 'off']);

/** The class of a colour: a digit for a variant, `g` for a switch that is on, `p` for parked variants. */
export type VariantColours = ReadonlyMap<string, string>;

/**
 * Returns the variant that is drawn in grey: the declared control, otherwise `control`, otherwise the first
 * variant that is not parked.
 */
export function greyVariant(variants: readonly string[], declared?: string): string | undefined {
  if (declared !== undefined) return declared;
  if (variants.includes('control')) return 'control';
  return variants.find((name) => !PARKED.has(name)) ?? variants[0];
}

/** Returns true if these are the variants of a switch: `on` and `off`, or one of them. */
export function isSwitch(variants: readonly string[]): boolean {
  return variants.length > 0 && variants.every((name) => name === 'on' || name === 'off');
}

/**
 * Chooses the colour of each variant: `0` (grey) for the control, `1` to `5` for the others in their order,
 * `p` for parked variants, which lie flat, and `g` (green) for a switch that is on. From the seventh variant
 * on, colours repeat.
 *
 * @param control the variant in grey. Default: see {@link greyVariant}
 */
export function variantColours(
  variants: readonly string[],
  control: string | undefined = greyVariant(variants),
): VariantColours {
  if (isSwitch(variants)) return new Map(variants.map((name) => [name, name === 'on' ? 'g' : 'p']));
  let next = 0;
  return new Map(
    variants.map((name) => {
      if (name === control) return [name, '0'];
      if (PARKED.has(name)) return [name, 'p'];
      next += 1;
      return [name, String(((next - 1) % COLOURS) + 1)];
    }),
  );
}

/** Draws a variant's colour: a square, or a dash if the variant is parked. */
export function variantMark(colour: string): Html {
  const shape =
    colour === 'p'
      ? html`<rect class="vp" y="6" width="9" height="3" rx="1" />`
      : html`<rect class="v${colour}" width="9" height="9" rx="2" />`;
  return html`<svg viewBox="0 0 9 9" aria-hidden="true">${shape}</svg>`;
}

/** Draws a variant's name with its colour beside it. */
export function variantKey(name: string, colour: string): Html {
  return html`<span class="key">${variantMark(colour)}<span>${name}</span></span>`;
}
