/** The variants that count as showing nothing new by default. */
export const DEFAULT_PARKED: readonly string[] = ['inactive', 'off'];

/** The effect of a move on the people who move. */
export type MoveKind =
  /** The variant stays the same. */
  | 'stay'
  /** To or from a parked variant: people start or stop seeing something new. */
  | 'parked'
  /** Between shown variants: an experience changes, and the analysis counts people twice. */
  | 'harmful';

/** Returns the effect of a move. */
export function kindOfMove(from: string, to: string, parked: ReadonlySet<string>): MoveKind {
  if (from === to) return 'stay';
  return parked.has(from) || parked.has(to) ? 'parked' : 'harmful';
}
