import { loadPackage } from '../../runtime/load-package.ts';

/** The members of jsep's parser class that are used here. jsep's own typings omit the class. */
interface JsepTokens {
  readonly expr: string;
  index: number;
  /** The character at `index`; `''` at the end. */
  readonly char: string;
  readonly code: number;
  gobbleSpaces(): void;
}

/**
 * jsep's parser class, in a form that can be extended before jsep is loaded. It is loaded with the
 * first rule, because an application may have none. jsep's constructor is not called: it only sets
 * the two fields, and it would give V8 objects of a new shape each time.
 */
export const Jsep = function (this: { index: number; expr: string }, source: string): void {
  if (Object.getPrototypeOf(Jsep.prototype) === Object.prototype) {
    const loaded = loadPackage('jsep') as { Jsep: { prototype: object } };
    Object.setPrototypeOf(Jsep.prototype, loaded.Jsep.prototype);
  }
  this.index = 0;
  this.expr = source;
} as unknown as new (source: string) => JsepTokens;
