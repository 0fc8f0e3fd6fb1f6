import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The root folder of the repository. */
export const ROOT = join(__dirname, '../..');

/**
 * Arguments of `node` with which it runs TypeScript. The address is absolute: Node looks for a bare `tsx`
 * from the working directory of the child, which may be a temporary folder.
 */
export const RUN_TYPESCRIPT = [
  '--import',
  join(ROOT, 'node_modules/tsx/dist/esm/index.mjs'),
] as const;

/** Returns true if `dist` was built after the last change to the sources, as `npm test` does first. */
export function isBuilt(): boolean {
  const built = statSync(join(ROOT, 'dist/cli/evenhand.js'), { throwIfNoEntry: false });
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => statSync(join(ROOT, 'src', path)).mtimeMs);
  return built !== undefined && built.mtimeMs >= Math.max(...sources);
}

/** The flags and the entry file of a child process that imports the package; `dist` starts five times as fast. */
export const PACKAGE = isBuilt()
  ? { flags: [], entry: join(ROOT, 'dist/esm/index.js') }
  : { flags: RUN_TYPESCRIPT, entry: join(ROOT, 'src/index.ts') };
