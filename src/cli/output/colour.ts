import { styleText } from 'node:util';

/** Functions that colour a text, or return it unchanged. */
export interface Colour {
  /** True if the functions add colours. */
  readonly enabled: boolean;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

type Style = Exclude<keyof Colour, 'enabled'>;

/** Creates the colour functions for an output: `createColour(host.stdout.colour)`. */
export function createColour(enabled: boolean): Colour {
  const paint = (style: Style) => (text: string) =>
    // The caller has decided; newer versions of Node would check the stream again.
    enabled && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  return {
    enabled,
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
    bold: paint('bold'),
    dim: paint('dim'),
  };
}

/**
 * Decides if a stream gets colours: never if `NO_COLOR` is set (no-color.org), always if `FORCE_COLOR`
 * is set (except to `0` or `false`), otherwise if it is a terminal and not dumb.
 */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}
