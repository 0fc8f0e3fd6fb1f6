import type { Request, Response } from 'express';

/** What the page's response says about the markup that may be added. */
export interface PageFacts {
  /** True if the page's policy, as far as its headers say, allows scripts of its own origin, or the nonce. */
  readonly allowsScript: boolean;
  /** True if it allows style sheets of its own origin, or the nonce. */
  readonly allowsStyle: boolean;
  readonly nonce: string | undefined;
}

/** The markup that is added to a page. */
export interface Injection {
  /**
   * Returns the markup, once, after the last byte of the page; an empty text adds nothing. May throw, which is
   * logged once.
   */
  readonly render: (facts: PageFacts) => string;
  readonly nonce: ((req: Request, res: Response) => string | undefined) | undefined;
  /** Logs a problem once. */
  readonly warn: (problem: string) => void;
}

/** Adds markup behind the last byte of an HTML document; leaves all other responses byte for byte. Never throws. */
export declare function injectAtEnd(req: Request, res: Response, injection: Injection): void;
