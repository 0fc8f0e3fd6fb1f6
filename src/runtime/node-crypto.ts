import type ofNode from 'node:crypto';
import { loadPackage } from './load-package.ts';

let loaded: typeof ofNode | undefined;

/**
 * Returns Node's `crypto` module. Node takes milliseconds to load it, and many applications never need
 * it, so it is loaded at the first call.
 */
export function nodeCrypto(): typeof ofNode {
  return (loaded ??= loadPackage('node:crypto') as typeof ofNode);
}
