/** Variants that show nothing new, where nobody says which ones do. */
export const DEFAULT_PARKED: readonly string[] = ['inactive', 'off'];

/** What a move from one variant to another means for whoever moves. */
export type MoveKind =
  /** Nobody moves. */
  | 'stay'
  /** From or to a parked variant: somebody begins or ends to see something new. */
  | 'parked'
  /** From one shown variant to another: an experience changes, and the analysis is spoilt. */
  | 'harmful';

/** What a move means. */
export function kindOfMove(from: string, to: string, parked: ReadonlySet<string>): MoveKind {
  if (from === to) return 'stay';
  return parked.has(from) || parked.has(to) ? 'parked' : 'harmful';
}
