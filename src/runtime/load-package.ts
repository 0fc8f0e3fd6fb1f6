import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Loads a package, or a Node module, at its first use, so that unused parts do not slow down the
 * start of an application. Node caches it; hot code should keep the result as well. The build
 * replaces the call by `require('name')`, which application bundlers can follow, so the name must
 * be a literal.
 *
 * @param name the name, as in an import
 */
export function loadPackage(name: string): unknown {
  return load(name);
}
