import type jsep from 'jsep';
import { loadPackage } from '../load-package.ts';

/** What is used of jsep's parser class; its own typings leave the class out. */
export interface JsepTokens {
  readonly expr: string;
  index: number;
  /** The character at `index`, `''` at the end. */
  readonly char: string;
  readonly code: number;
  gobbleSpaces(): void;
}

type JsepClass = new (source: string) => JsepTokens;

/** jsep's parser class, there to be extended, and loaded when the first rule is parsed. */
export const Jsep = function (source: string): JsepTokens {
  const loaded = (loadPackage<typeof jsep>('jsep') as unknown as { Jsep: JsepClass }).Jsep;
  if (Object.getPrototypeOf(Jsep.prototype) !== loaded.prototype) {
    Object.setPrototypeOf(Jsep.prototype, loaded.prototype);
  }
  return Reflect.construct(loaded, [source], new.target ?? Jsep);
} as unknown as JsepClass;
