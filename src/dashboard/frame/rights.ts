/** A right to write; whoever sees the dashboard at all may read. */
export type Right = 'switch' | 'ramp' | 'edit' | 'remove';

/** The rights to write, from the smallest to the largest. */
export const RIGHTS: readonly Right[] = ['switch', 'ramp', 'edit', 'remove'];
