import { styleText } from 'node:util';

/** Texts in colours, or as they are. */
export interface Colour {
  /** Whether there are colours. */
  readonly enabled: boolean;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

type Style = Exclude<keyof Colour, 'enabled'>;

/** Colours for an output that shows them (`createColour(host.stdout.colour)`), else the plain text. */
export function createColour(enabled: boolean): Colour {
  const paint = (style: Style) => (text: string) =>
    // Whether to paint has been decided: styleText of newer versions of Node looks at the stream itself.
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
 * Whether to use colours on a stream: not where `NO_COLOR` is set (no-color.org), always where
 * `FORCE_COLOR` is (but for `0` and `false`), else on terminals that are not dumb.
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
