// Bundles the code under test into one file, so that coverage counts only this package.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** The folder of the package. */
export const root = join(import.meta.dirname, '../../..');

const ENTRY = '\0entry';

/**
 * Bundles the parts of `src/` that a target needs, with source maps.
 *
 * @param imports names by file: `{ 'src/errors/evenhand-error.ts': ['EvenhandError'] }`
 * @returns the bundle's address, and a function that removes it
 */
export async function bundle(imports) {
  const entry = Object.entries(imports)
    .map(
      ([file, names]) => `export { ${names.join(', ')} } from ${JSON.stringify(join(root, file))};`,
    )
    .join('\n');
  const built = await rolldown({
    cwd: root,
    input: { target: ENTRY },
    // Packages are loaded through `require`, from the bundle's folder inside the package.
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && id !== ENTRY,
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? entry : null),
      },
    ],
  });
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  // The path as V8 reports it: coverage is looked up by this address.
  const dir = realpathSync(mkdtempSync(join(cache, 'fuzz-')));
  await built.write({ dir, format: 'esm', entryFileNames: '[name].mjs', sourcemap: true });
  return {
    url: pathToFileURL(join(dir, 'target.mjs')).href,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
