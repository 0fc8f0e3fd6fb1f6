/** A kept variant. The units are codes by path: the texts themselves, or their hashes in a cookie. */
export interface StickyEntry {
  readonly experiment: string;
  readonly seed: string;
  readonly variant: string;
  readonly units: Map<string, string>;
}
