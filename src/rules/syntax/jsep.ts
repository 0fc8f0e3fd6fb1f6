import { loadPackage } from '../../runtime/load-package.ts';

/** What is used of jsep's parser class; its own typings leave the class out. */
interface JsepTokens {
  readonly expr: string;
  index: number;
  /** The character at `index`, `''` at the end. */
  readonly char: string;
  readonly code: number;
  gobbleSpaces(): void;
}

/**
 * jsep's parser class, there to be extended before it is loaded: with the first rule, as an
 * application may have none. Its constructor does no more than set the two fields; calling it would
 * give V8 objects of a new shape each time.
 */
export const Jsep = function (this: { index: number; expr: string }, source: string): void {
  if (Object.getPrototypeOf(Jsep.prototype) === Object.prototype) {
    const loaded = loadPackage('jsep') as { Jsep: { prototype: object } };
    Object.setPrototypeOf(Jsep.prototype, loaded.Jsep.prototype);
  }
  this.index = 0;
  this.expr = source;
} as unknown as new (source: string) => JsepTokens;
