import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns the packages that a production install adds to `node_modules`: the package and all its
 * dependencies. Peer dependencies belong to the application and don't count.
 *
 * @param directory the directory of the package
 * @param parts its published parts; default: all files
 * @returns the bytes of the files, by package
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

/** Returns the directory of a dependency, found in the nearest `node_modules`. */
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
