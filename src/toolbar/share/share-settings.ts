import type { Request } from 'express';

/** The options of share links with their defaults. */
export interface ShareSettings {
  /** The first signs, all verify. */
  readonly secrets: readonly string[];
  readonly maxAgeMs: number;
  readonly grants: boolean;
  /** Undefined if links may force all experiments. */
  readonly only: readonly string[] | undefined;
  readonly author: ((req: Request) => unknown) | undefined;
}
