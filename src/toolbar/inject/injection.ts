import type { Request, Response } from 'express';
import type { PageFacts } from './page-facts.ts';

/** The markup that is added to a page. */
export interface Injection {
  /**
   * Returns the markup, once, after the last byte of the page; an empty text adds nothing. May throw, which is
   * logged once.
   */
  readonly render: (facts: PageFacts) => string;
  readonly nonce: ((req: Request, res: Response) => string | undefined) | undefined;
  /**
   * Logs a problem once, however many different errors cause it. The text starts in lower case and does not
   * name Evenhand.
   */
  readonly warn: (problem: string, thrown?: unknown) => void;
}
