import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Import, SourceFile } from './source-file.ts';

/** The rank of each part of `src/`: a folder, or a file beside the folders. */
export const RANKS: ReadonlyMap<string, number> = new Map([
  ['index', 12],
  ['cli', 11],
  ['trials', 10],
  ['toolbar', 9],
  ['dashboard', 9],
  ['web', 8],
  ['analysis', 8],
  ['views', 8],
  ['testing', 8],
  ['express', 7],
  ['integrations/postgres', 7],
  ['integrations/redis', 7],
  ['integrations/nats', 7],
  ['integrations/kafka', 7],
  ['integrations/opentelemetry', 7],
  ['client', 6],
  ['workbench', 6],
  ['sources', 5],
  ['exposures', 5],
  ['changes', 5],
  ['assignment', 4],
  ['specification', 3],
  ['planout', 2],
  ['rules', 1],
  ['hash', 1],
  ['stats', 1],
  ['ui', 1],
  ['json', 1],
  ['options', 1],
  ['errors', 0],
  ['runtime', 0],
  ['retry', 0],
]);

/**
 * The subfolders of each folder, from the lowest to the highest: each imports only those before it. A
 * file beside them is either below all of them (it imports none) or above all of them (none imports it).
 */
export const WINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['rules', ['typed-text', 'values', 'syntax', 'compile', 'types', 'outcomes']],
  ['ui', ['style', 'charts', 'controls', 'history']],
  ['planout', ['random', 'language', 'custom', 'script', 'experiments', 'namespaces']],
  ['specification', ['metrics', 'schema', 'context', 'checks', 'schedule', 'entries']],
  ['assignment', ['special', 'namespaces']],
  ['changes', ['rollout']],
  ['exposures', ['deduplication', 'records', 'delivery', 'split-watch', 'sinks', 'metrics']],
  ['exposures/sinks', ['file', 'webhook']],
  ['sources', ['keeping', 'file', 'http']],
  ['workbench', ['contexts', 'simulate', 'diff', 'warnings', 'usage', 'types']],
  ['workbench/diff', ['holdouts', 'metrics', 'time-line']],
  ['workbench/warnings', ['analyses']],
  ['workbench/simulate', ['input', 'plan', 'count', 'summary', 'page']],
  ['client', ['change-log', 'context-shape', 'metrics']],
  ['express', ['response', 'cookies', 'request', 'sticky', 'inspection']],
  [
    'dashboard',
    ['browser', 'store', 'results', 'frame', 'change', 'list', 'detail', 'tools', 'routes'],
  ],
  ['toolbar', ['browser', 'view', 'panel', 'inject', 'share', 'routes']],
  ['integrations/postgres', ['connection', 'sink', 'store', 'namespaces']],
  ['integrations/redis', ['connection']],
  ['analysis', ['plan', 'sql', 'engines', 'rows', 'result', 'output', 'power']],
  ['analysis/sql', ['dialects', 'conditions', 'stages']],
  ['analysis/result', ['schema', 'words', 'compare', 'parts']],
  ['analysis/engines', ['duckdb', 'postgres']],
  ['analysis/power', ['page']],
  [
    'cli',
    [
      'host',
      'output',
      'files',
      'arguments',
      'ask',
      'explain',
      'postgres',
      'analysis',
      'trials',
      'commands',
    ],
  ],
  ['stats', ['distributions', 'moments', 'split', 'effects', 'sequential', 'bayesian', 'power']],
  ['analysis/output', ['page']],
  ['cli/output', ['simulate', 'diff', 'report', 'analysis', 'plan']],
]);

/** The file that imports modules of the user's, whose paths it can't know. */
const LOADS_MODULES = 'cli/files/load-operators.ts';

/** The highest rank whose parts are pure and synchronous. */
const MAX_PURE_RANK = 4;

/** The distribution functions that `stats` takes from @stdlib. */
const STDLIB: readonly string[] = [
  '@stdlib/math-base-special-erfc',
  '@stdlib/math-base-special-erfcinv',
  '@stdlib/math-base-special-gammainc',
  '@stdlib/math-base-special-gammaln',
  '@stdlib/stats-base-dists-beta-quantile',
  '@stdlib/stats-base-dists-t-cdf',
  '@stdlib/stats-base-dists-t-quantile',
];

/** The packages that a pure part may import. */
const PURE_PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['rules', ['jsep']],
  ['stats', STDLIB],
]);

/**
 * Packages that are bundled into the command line and `evenhand/analysis` instead of being installed with
 * Evenhand, by the part that imports them. Files that import such a package are built only into these two.
 * `docs/dependencies.md` lists each package.
 */
export const BUNDLED: ReadonlyMap<string, readonly string[]> = new Map([
  ['cli', ['commander', 'cli-table3', 'jsonc-parser']],
  ['changes', ['jsonc-parser']],
  ['workbench', []],
  ['analysis', []],
  ['trials', []],
  ['dashboard', []],
  ['stats', STDLIB],
]);

/** Packages that the application installs if it needs them, by the part that loads them on demand. */
const OPTIONAL: ReadonlyMap<string, readonly string[]> = new Map([
  ['analysis', ['@duckdb/node-api']],
]);

/** The globals that a pure part takes as arguments: clocks, randomness, environment, network, timers. */
const IMPURE = [
  'globalThis',
  'process',
  'Date.now',
  'new Date',
  'performance',
  'crypto',
  'Math.random',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'WebSocket',
];

/** Exceptions to the rules for pure parts, by file. */
const GRANTED: ReadonlyMap<string, readonly string[]> = new Map([
  // The default random source and clock, used unless the application passes others.
  ['assignment/policy.ts', ['Math.random', 'new Date']],
  // WebAssembly may be missing; results are the same without it.
  ['hash/wasm.ts', ['globalThis']],
  // The only file that loads packages on demand. Each package counts as an import of the calling file.
  ['runtime/load-package.ts', ['node:module']],
  // A turn of the event loop between two slices of long work, and a bounded wait.
  ['runtime/in-slices.ts', ['performance', 'setImmediate']],
  ['runtime/pause.ts', ['setTimeout', 'node:timers/promises']],
  // It exists to hand out timers.
  ['runtime/real-timers.ts', ['setTimeout', 'setImmediate', 'node:timers', 'globalThis']],
  // Hashes are pure functions, and several times as slow in JavaScript.
  ['runtime/node-crypto.ts', ['node:crypto']],
]);

/** The entry points of the package: the only files named `index.ts`, and the only files that re-export. */
export const ENTRY_POINTS: readonly string[] = [
  'index.ts',
  'planout/index.ts',
  'views/index.ts',
  'testing/index.ts',
  'integrations/opentelemetry/index.ts',
  'integrations/postgres/index.ts',
  'integrations/redis/index.ts',
  'integrations/nats/index.ts',
  'integrations/kafka/index.ts',
  'analysis/index.ts',
  'toolbar/index.ts',
  'dashboard/index.ts',
];

/** The most lines of code in one file; a longer file holds more than one idea. */
const MAX_LINES_OF_CODE = 250;

const GENERATED: ReadonlySet<string> = new Set([
  'specification/schema/validator.generated.ts',
  'integrations/postgres/migrations.generated.ts',
]);

/** Returns the part a file belongs to: `rules` for `rules/parse.ts`, `errors` for `errors.ts`. */
export function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'integrations' ? `${first}/${second}` : first.replace(/\.ts$/, '');
}

/** Finds imports from the same or a higher rank, imports from outside `src/`, and parts without a rank. */
export function rankViolations(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, imports }) => {
    const part = partOf(path);
    const rank = RANKS.get(part);
    if (rank === undefined) return [`${path}: the part "${part}" has no rank; add it to RANKS`];
    return imports.flatMap(({ specifier }) => {
      if (specifier === undefined) {
        if (path === LOADS_MODULES) return [];
        return [`${path}: computes the path of an import; write it as a literal`];
      }
      if (!specifier.startsWith('.')) return [];
      const target = posix.join(posix.dirname(path), specifier);
      if (!paths.has(target)) return [`${path}: imports ${specifier}, which is not a file in src`];
      const targetPart = partOf(target);
      if (targetPart === part) return [];
      const targetRank = RANKS.get(targetPart) ?? Number.POSITIVE_INFINITY;
      return targetRank < rank
        ? []
        : [
            `${path} (rank ${rank}) imports ${target} (rank ${targetRank}); import only from lower ranks`,
          ];
    });
  });
}

/** Finds folders that {@link WINGS} lists wrongly or not at all, and imports against its order. */
export function wingViolations(files: readonly SourceFile[]): string[] {
  const inner = foldersOf(files);
  const known = [...WINGS.keys()].filter((folder) => !inner.has(folder));
  return [
    ...known.map((folder) => `${folder}: has no subfolders; remove it from WINGS`),
    ...[...inner].flatMap(([folder, wings]) => violationsIn(folder, wings, files)),
  ];
}

/** Returns the subfolders of each folder, except of `src/` and `integrations/`, whose parts have ranks. */
function foldersOf(files: readonly SourceFile[]): Map<string, Set<string>> {
  const inner = new Map<string, Set<string>>();
  for (const { path } of files) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const parent = posix.dirname(folder);
      if (parent === '.' || parent === 'integrations') break;
      inner.set(parent, (inner.get(parent) ?? new Set()).add(posix.basename(folder)));
    }
  }
  return inner;
}

function violationsIn(
  folder: string,
  wings: ReadonlySet<string>,
  files: readonly SourceFile[],
): string[] {
  const order = WINGS.get(folder) ?? [];
  const listed = [...wings].sort().join() === [...order].sort().join();
  if (!listed)
    return [`${folder}: has the subfolders ${[...wings].join(', ')}; list them in WINGS`];
  const wingOf = (path: string): string => {
    const [first = '', ...rest] = path.slice(folder.length + 1).split('/');
    return rest.length === 0 ? '' : first;
  };
  const inside = files.filter(({ path }) => path.startsWith(`${folder}/`));
  const importsOf = ({ path, imports }: SourceFile): string[] =>
    imports
      .map(({ specifier = '' }) => posix.join(posix.dirname(path), specifier))
      .filter((target) => target.startsWith(`${folder}/`));
  const tops = new Set<string>();
  for (let before = -1; before < tops.size;) {
    before = tops.size;
    for (const file of inside) {
      if (wingOf(file.path) !== '') continue;
      if (importsOf(file).some((target) => wingOf(target) !== '' || tops.has(target))) {
        tops.add(file.path);
      }
    }
  }
  return inside.flatMap((file) => {
    const wing = wingOf(file.path);
    if (wing === '') return [];
    return importsOf(file)
      .filter((target) =>
        wingOf(target) === ''
          ? tops.has(target)
          : order.indexOf(wingOf(target)) > order.indexOf(wing),
      )
      .map((target) => `${file.path}: imports ${target}, which is above it in WINGS`);
  });
}

/** Finds files that import each other in a cycle, type imports included. Reports each cycle once. */
export function cycleViolations(files: readonly SourceFile[]): string[] {
  const targets = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.map(({ specifier = '' }) => posix.join(posix.dirname(path), specifier)),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
}

/** The most files in one folder; among more, a reader no longer finds the right one. */
const MAX_FILES = 16;

/** Finds folders with more than {@link MAX_FILES} files. */
export function crowdViolations(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES)
    .map(([folder, count]) => `${folder}: has ${count} files, more than ${MAX_FILES}; split it`);
}

/** Finds packages and globals that a part may not use, and packages that are not dependencies. */
export function packageViolations(
  files: readonly SourceFile[],
  dependencies: readonly string[],
): string[] {
  return files.flatMap((file) => {
    const part = partOf(file.path);
    const bundled = BUNDLED.get(part) ?? [];
    const packages = file.imports.filter(
      ({ specifier }) =>
        // rankViolations() reports computed paths.
        specifier !== undefined &&
        !specifier.startsWith('.') &&
        !bundled.includes(specifier) &&
        OPTIONAL.get(part)?.includes(specifier) !== true,
    );
    if ((RANKS.get(part) ?? 0) > MAX_PURE_RANK) {
      return packages
        .filter((one) => !isInstalled(one, dependencies))
        .map(({ specifier }) => `${file.path}: imports ${specifier}, which is not a dependency`);
    }
    const allowed = PURE_PACKAGES.get(part) ?? [];
    const granted = GRANTED.get(file.path) ?? [];
    return [
      ...packages
        .filter(({ specifier = '' }) => ![...allowed, ...granted].includes(specifier))
        .map(
          ({ specifier }) =>
            `${file.path}: imports ${specifier}, but is in a pure part (ranks 0 to 4)`,
        ),
      ...IMPURE.filter((name) => uses(file, name) && !granted.includes(name)).map(
        (name) => `${file.path}: uses ${name}, but is in a pure part; take it as an argument`,
      ),
    ];
  });
}

/** Finds files outside the command line that import a file which needs a bundled package. */
export function bundleViolations(files: readonly SourceFile[]): string[] {
  const needing = new Set<string>();
  const pathOf = (path: string, specifier = ''): string =>
    posix.join(posix.dirname(path), specifier);
  const needs = ({ path, imports }: SourceFile): boolean =>
    BUNDLED.has(partOf(path)) &&
    imports.some(
      ({ specifier = '' }) =>
        partOf(path) === 'cli' ||
        BUNDLED.get(partOf(path))?.includes(specifier) === true ||
        needing.has(pathOf(path, specifier)),
    );
  for (let before = -1; before < needing.size;) {
    before = needing.size;
    for (const file of files) if (needs(file)) needing.add(file.path);
  }
  return files
    .filter(({ path }) => !BUNDLED.has(partOf(path)))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => needing.has(pathOf(path, specifier)))
        .map(
          ({ specifier }) =>
            `${path}: imports ${specifier}, which needs a package of the command line`,
        ),
    );
}

function isInstalled(
  { specifier = '', typeOnly }: Import,
  dependencies: readonly string[],
): boolean {
  if (specifier.startsWith('node:'))
    return builtinModules.includes(specifier.slice('node:'.length));
  return dependencies.includes(specifier) || (specifier === 'express' && typeOnly);
}

function uses({ globals }: SourceFile, name: string): boolean {
  return globals.some((used) => used === name || used.startsWith(`${name}.`));
}

/** Finds re-exports and `index.ts` files outside the entry points, default exports, and code in entry points. */
export function barrelViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports, exports, hasCode }) => {
    const found: string[] = [];
    const isEntry = ENTRY_POINTS.includes(path);
    if (path.endsWith('index.ts') && !isEntry)
      found.push(`${path}: is not an entry point; give it another name`);
    if (isEntry && hasCode)
      found.push(`${path}: is an entry point with code; move the code to another file`);
    if (!isEntry && imports.some(({ reexport }) => reexport)) {
      found.push(`${path}: re-exports from another file, but is not an entry point`);
    }
    if (exports.some(({ name }) => name === 'default')) {
      found.push(`${path}: has a default export; export it by name`);
    }
    return found;
  });
}

/** Finds files with more than {@link MAX_LINES_OF_CODE} lines of code. */
export function sizeViolations(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, linesOfCode }) => linesOfCode > MAX_LINES_OF_CODE && !GENERATED.has(path))
    .map(
      ({ path, linesOfCode }) =>
        `${path}: has ${linesOfCode} lines of code, more than ${MAX_LINES_OF_CODE}; split it`,
    );
}

/** Finds exported names without a doc comment. */
export function docViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, exports }) =>
    exports
      .filter(({ documented }) => !documented)
      .map(({ name }) => `${path}: ${name} has no doc comment`),
  );
}
