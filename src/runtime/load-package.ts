import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * A package, or a module of Node, at its first use: what an application never asks for costs its
 * start nothing. Node keeps it, so later calls find the same; keep it all the same where it is hot.
 * The build writes `require('name')` in its place, which bundlers of applications can follow: the
 * name must be a literal.
 *
 * @param name as in an import
 */
export function loadPackage(name: string): unknown {
  return load(name);
}
