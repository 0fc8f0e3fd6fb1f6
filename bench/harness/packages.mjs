import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a package brings into `node_modules` of a production install: itself and all that it depends
 * on, wherever npm has put it. Its peers are the application's own.
 *
 * @param directory where the package is
 * @param parts what of it is published; default: all that is there
 * @returns bytes in files, by package
 */
export function installedPackages(directory, parts = ['.'], found = new Map()) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (found.has(manifest.name)) return found;
  const sizes = parts.map((part) => sizeOf(join(directory, part)));
  found.set(
    manifest.name,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    installedPackages(findPackage(name, directory), undefined, found);
  }
  return found;
}

/** Where a package is that another one asks for: in the nearest `node_modules` that has it. */
export function findPackage(name, from) {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    const directory = join(at, 'node_modules', name);
    if (statSync(join(directory, 'package.json'), { throwIfNoEntry: false })) return directory;
  }
  throw new Error(`${name} is not installed for ${from}`);
}

function sizeOf(path) {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
