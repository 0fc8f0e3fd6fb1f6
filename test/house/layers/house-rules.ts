import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Import, SourceFile } from './source-file.ts';

/** The rank of each part of `src/`: a folder, or a file beside the folders. */
export const RANKS: ReadonlyMap<string, number> = new Map([
  ['index', 10],
  ['cli', 9],
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
  ['json', 1],
  ['options', 1],
  ['errors', 0],
  ['runtime', 0],
  ['retry', 0],
]);

/**
 * The folders inside a folder, from the lowest to the highest: each imports only those before it. A
 * file beside them is either below all of them (it imports none) or above all of them (none imports it).
 */
export const WINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['rules', ['values', 'syntax', 'compile', 'types']],
  ['planout', ['random', 'language', 'script', 'experiments', 'namespaces']],
  ['specification', ['schema', 'context', 'checks']],
  ['assignment', ['namespaces']],
  ['changes', ['rollout']],
  ['exposures', ['deduplication', 'records', 'delivery', 'split-watch', 'sinks', 'metrics']],
  ['exposures/sinks', ['file', 'webhook']],
  ['sources', ['keeping', 'file', 'http']],
  ['workbench', ['simulate', 'diff', 'warnings', 'usage', 'types']],
  ['workbench/simulate', ['input', 'plan', 'count', 'summary']],
  ['express', ['response', 'cookies', 'request']],
  ['integrations/postgres', ['connection', 'sink', 'store', 'namespaces']],
  ['integrations/redis', ['connection']],
  ['cli', ['host', 'output', 'files', 'arguments', 'ask', 'postgres', 'commands']],
  ['cli/output', ['simulate', 'diff', 'report']],
]);

/** Parts up to this rank are pure and synchronous. */
const MAX_PURE_RANK = 4;

/** What a pure part takes from outside. */
const PURE_PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['rules', ['jsep']],
  ['stats', ['@stdlib/math-base-special-gammainc']],
]);

/**
 * Packages that are bundled into the command line, so that nobody installs them with Evenhand; by the
 * part that imports them. `docs/dependencies.md` lists each. What imports one is built with the command
 * line only.
 */
export const BUNDLED: ReadonlyMap<string, readonly string[]> = new Map([
  ['cli', ['commander', 'cli-table3', 'jsonc-parser']],
  ['changes', ['jsonc-parser']],
  ['workbench', []],
  ['stats', ['@stdlib/math-base-special-gammainc']],
]);

/** What a pure part must be given: clocks, chance, environment, network, timers. */
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

/** What is granted to a file all the same. */
const GRANTED: ReadonlyMap<string, readonly string[]> = new Map([
  // Chance, where the application gives none of its own.
  ['assignment/policy.ts', ['Math.random']],
  // WebAssembly, which may be missing, and changes no result.
  ['hash/wasm.ts', ['globalThis']],
  // The one place that loads later; what it loads counts as imported where it is called.
  ['runtime/load-package.ts', ['node:module']],
  // The next turn of the event loop, between two slices of long work, and a bounded wait.
  ['runtime/in-slices.ts', ['performance', 'setImmediate']],
  ['runtime/pause.ts', ['setTimeout', 'node:timers/promises']],
  // Hashes are pure functions, and cost several times as much in JavaScript.
  ['runtime/node-crypto.ts', ['node:crypto']],
]);

/** The entry points of the package, and so the only files named so and the only ones that re-export. */
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
];

/** More than that is more than one idea. */
const MAX_LINES_OF_CODE = 250;

const GENERATED: ReadonlySet<string> = new Set([
  'specification/schema/validator.generated.ts',
  'integrations/postgres/migrations.generated.ts',
]);

/** The part a file belongs to: `rules` for `rules/parse.ts`, `errors` for `errors.ts`. */
export function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'integrations' ? `${first}/${second}` : first.replace(/\.ts$/, '');
}

/** Imports that go to the same rank of another part, or up; files outside the house. */
export function rankViolations(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, imports }) => {
    const part = partOf(path);
    const rank = RANKS.get(part);
    if (rank === undefined) return [`${path}: the part "${part}" has no rank`];
    return imports.flatMap(({ specifier }) => {
      if (specifier === undefined) return [`${path}: an import is computed`];
      if (!specifier.startsWith('.')) return [];
      const target = posix.join(posix.dirname(path), specifier);
      if (!paths.has(target)) return [`${path}: imports ${specifier}, which is no file of src`];
      const targetPart = partOf(target);
      if (targetPart === part) return [];
      const targetRank = RANKS.get(targetPart) ?? Number.POSITIVE_INFINITY;
      return targetRank < rank
        ? []
        : [`${path} (rank ${rank}) imports ${target} (rank ${targetRank})`];
    });
  });
}

/** Folders that {@link WINGS} does not list as they are; imports against its order. */
export function wingViolations(files: readonly SourceFile[]): string[] {
  const inner = foldersOf(files);
  const known = [...WINGS.keys()].filter((folder) => !inner.has(folder));
  return [
    ...known.map((folder) => `${folder}: has no folders, but WINGS lists some`),
    ...[...inner].flatMap(([folder, wings]) => violationsIn(folder, wings, files)),
  ];
}

/** The folders inside each folder that has some; the roots of `src/` and of `integrations/` have ranks. */
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
  if (!listed) return [`${folder}: has the folders ${[...wings].join(', ')}; correct WINGS`];
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
      .map((target) => `${file.path}: imports ${target}, which stands above it`);
  });
}

/** Files that import each other in a circle, types included; each circle once. */
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

/** More files than this in one folder, and nobody knows which to open. */
const MAX_FILES = 16;

/** Folders with too many files. */
export function crowdViolations(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES)
    .map(([folder, count]) => `${folder}: ${count} files`);
}

/** Packages and globals that a part may not use; packages nobody has installed with this one. */
export function packageViolations(
  files: readonly SourceFile[],
  dependencies: readonly string[],
): string[] {
  return files.flatMap((file) => {
    const part = partOf(file.path);
    const bundled = BUNDLED.get(part) ?? [];
    const packages = file.imports.filter(
      ({ specifier = '' }) => !specifier.startsWith('.') && !bundled.includes(specifier),
    );
    if ((RANKS.get(part) ?? 0) > MAX_PURE_RANK) {
      return packages
        .filter((one) => !isInstalled(one, dependencies))
        .map(({ specifier }) => `${file.path}: ${specifier} is no dependency`);
    }
    const allowed = PURE_PACKAGES.get(part) ?? [];
    const granted = GRANTED.get(file.path) ?? [];
    return [
      ...packages
        .filter(({ specifier = '' }) => ![...allowed, ...granted].includes(specifier))
        .map(({ specifier }) => `${file.path}: a pure part imports ${specifier}`),
      ...IMPURE.filter((name) => uses(file, name) && !granted.includes(name)).map(
        (name) => `${file.path}: a pure part uses ${name}`,
      ),
    ];
  });
}

/** Files outside the command line that import a file which needs what is bundled. */
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
        .map(({ specifier }) => `${path}: imports ${specifier}, which needs what is bundled`),
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

/** Files that only hand on what others export, default exports, code in entry points. */
export function barrelViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports, exports, hasCode }) => {
    const found: string[] = [];
    const isEntry = ENTRY_POINTS.includes(path);
    if (path.endsWith('index.ts') && !isEntry) found.push(`${path}: is no entry point`);
    if (isEntry && hasCode) found.push(`${path}: an entry point has code`);
    if (!isEntry && imports.some(({ reexport }) => reexport)) {
      found.push(`${path}: exports from another file`);
    }
    if (exports.some(({ name }) => name === 'default')) found.push(`${path}: has a default export`);
    return found;
  });
}

/** Files that are too long to hold one idea. */
export function sizeViolations(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, linesOfCode }) => linesOfCode > MAX_LINES_OF_CODE && !GENERATED.has(path))
    .map(({ path, linesOfCode }) => `${path}: ${linesOfCode} lines of code`);
}

/** Exported names without a doc comment. */
export function docViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, exports }) =>
    exports
      .filter(({ documented }) => !documented)
      .map(({ name }) => `${path}: ${name} has no doc comment`),
  );
}
