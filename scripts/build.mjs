// Builds dist/. The code is CommonJS in files that the entry points share, so a process has one copy of
// the package whether it uses `require` or `import`; for `import` there are files that re-export the
// names. The types come from tsc. The command line is one file with the packages that only it needs, and
// their licences.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { dependencies } = require('../package.json');

const ENTRIES = [
  'index',
  'planout/index',
  'views/index',
  'testing/index',
  'integrations/opentelemetry/index',
  'integrations/postgres/index',
  'integrations/redis/index',
  'integrations/nats/index',
  'integrations/kafka/index',
  'analysis/index',
  'toolbar/index',
  'dashboard/index',
];

/** Packages that the application installs if it needs them. */
const OPTIONAL = ['@duckdb/node-api'];

/** jsonc-parser's CommonJS computes the names of its files, which no bundler can follow. */
const RESOLVE = { mainFields: ['module', 'main'] };

const EXTERNAL = [/^node:/, ...Object.keys(dependencies), ...OPTIONAL];

/** Turns each `loadPackage('name')` into `require('name')`, which bundlers of applications can follow. */
const literalRequires = {
  name: 'literal-requires',
  transform(code, id, { magicString }) {
    if (id.endsWith('load-package.ts')) return null;
    for (const call of code.matchAll(/\bloadPackage\((?='[^']+'\))/g)) {
      magicString.overwrite(call.index, call.index + call[0].length, 'require(');
    }
    return { code: magicString };
  },
};

/**
 * Functions that most applications never call, by their file. Node reads their code on the first call,
 * because reading all code takes milliseconds at each start.
 */
const LATER = new Map(
  Object.entries({
    'assignment/assert-appended': ['assertAppended'],
    'assignment/explanation': ['explain'],
    'assignment/namespaces/namespace': ['compileNamespace'],
    'client/change-log/change-log': ['startChangeLog'],
    'client/context-shape/shape-recorder': ['recordContextShape'],
    'client/schedule-clock': ['startScheduleClock'],
    'client/metrics/client-metrics': ['clientMetrics'],
    'json/syntax': ['findSyntaxProblem'],
    'rules/syntax/call-remedies': ['callRemedy'],
    'rules/syntax/remedies': ['remedyAt'],
    'specification/metrics/metric-checks': ['checkMetrics'],
    'specification/metrics/to-analysis': ['toAnalysis'],
    'specification/metrics/to-metric': ['toMetric'],
    'specification/schema/common-mistakes': ['commonMistakes'],
    'specification/schema/places': ['knownAt', 'meantAt', 'mustBeAt', 'placeOf'],
    'exposures/exposures': ['createExposures'],
    'exposures/planout-log': ['planoutLog'],
    'exposures/setup': ['setUpExposures'],
    'exposures/sinks/file/file-sink': ['fileSink'],
    'exposures/sinks/webhook/webhook-sink': ['webhookSink'],
    'sources/http/http-source': ['httpSource'],
    'specification/context/context-checks': ['contextChecks'],
    'specification/checks/namespace-checks': ['checkNamespaces'],
    'specification/entries/to-namespace': ['toNamespace'],
  }).map(([path, names]) => [existing(`src/${path}.ts`), names]),
);

/** Returns the absolute path of a file. Throws if it has moved, or the build would silently ignore it. */
function existing(path) {
  const file = join(root, path);
  if (!existsSync(file))
    throw new Error(`${path} does not exist; correct LATER in scripts/build.mjs`);
  return file;
}

/** Files that only namespaces and `evenhand/planout` need. */
const SCRIPTS =
  /src[\\/]planout[\\/](register-operators|test-script|(script|language|random|custom)[\\/])/;

/** Files that only metrics and analyses need. */
const METRICS = /src[\\/](rules[\\/]outcomes[\\/]|specification[\\/]metrics[\\/]metric-schema)/;

/** Files that only the entry points with PostgreSQL need. */
const POSTGRES = /src[\\/]integrations[\\/]postgres[\\/]connection[\\/]/;

/** Files that only applications that record exposures need. */
const EXPOSURES = /src[\\/]exposures[\\/](?!sinks|metrics[\\/]prometheus|observing-options)/;

/**
 * Rolldown's runtime, as far as chunks other than the analysis use it. Rolldown moves it to a file of its
 * own as soon as one chunk bundles CommonJS, as the analysis does. No application should open that file.
 */
const RUNTIME = `{
	__exportAll: (all) => {
		const getters = Object.entries(all).map(([name, get]) => [name, { get, enumerable: true }]);
		return Object.defineProperties({}, Object.fromEntries(getters));
	}
}`;

const RUNTIME_FILE = /require\("[^"]*\/rolldown-runtime\.js"\)/;

/** Entry points with pages or analyses, which most applications do not load. */
const WITH_PAGES = new Set(['analysis/index', 'toolbar/index', 'dashboard/index']);

/** The files that the other entry points need. */
const CORE = filesOf(ENTRIES.filter((entry) => !WITH_PAGES.has(entry)));

/** Files of pages. */
const PAGES = /src[\\/](ui|web)[\\/]/;

const IMPORT = /^(import|export) \{([^}]*)\} from '(\.[^']+)';$/gm;

/** Replaces each function of {@link LATER} with one that requires the real function when it is called. */
const laterRequires = {
  name: 'later-requires',
  transform(code, id, { magicString }) {
    for (const { 0: statement, 1: kind, 2: names, 3: specifier, index } of code.matchAll(IMPORT)) {
      const later = LATER.get(join(dirname(id), specifier)) ?? [];
      const all = names.split(',').map((name) => name.trim());
      const values = all.filter((name) => name !== '' && !name.startsWith('type '));
      // A file that imports more than these functions is loaded later itself.
      if (!values.every((name) => later.includes(name))) continue;
      const start = kind === 'export' ? 'export const' : 'const';
      const functions = values.map(
        (name) => `${start} ${name} = (...args) => import('${specifier}').${name}(...args);`,
      );
      magicString.overwrite(index, index + statement.length, functions.join(' '));
    }
    return { code: magicString };
  },
  renderChunk(code, _chunk, _options, { magicString }) {
    const runtime = RUNTIME_FILE.exec(code);
    if (runtime !== null && !/_rolldown_runtime\.__(?!exportAll)/.test(code)) {
      magicString.overwrite(runtime.index, runtime.index + runtime[0].length, RUNTIME);
    }
    const call =
      /Promise\.resolve\(\)\.then\(\(\) => (require\("[^"]+"\))\)(?:\.then\(\((\w+)\) => \2(\.[\w$]+)\))?/g;
    for (const { 0: found, 1: required, 3: part = '', index } of code.matchAll(call)) {
      magicString.overwrite(index, index + found.length, required + part);
    }
    return { code: magicString };
  },
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
await buildLibrary();
for (const entry of ENTRIES) writeEsm(entry);
await buildCommandLine();
// Last, because code with type errors can still run.
writeTypes();

/** Returns the paths of the files that entry points import, without those that give only types. */
function filesOf(entries) {
  const found = new Set(entries.map((entry) => join(root, `src/${entry}.ts`)));
  // A set also visits the files that are added on the way.
  for (const file of found) {
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(
      /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';$/gm,
    )) {
      found.add(join(dirname(file), path));
    }
    for (const [, path] of text.matchAll(/\bimport\('(\.[^']+)'\)/g)) {
      found.add(join(dirname(file), path));
    }
  }
  return found;
}

async function buildLibrary() {
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `src/${entry}.ts`])),
    external: EXTERNAL,
    platform: 'node',
    plugins: [literalRequires, laterRequires],
    resolve: RESOLVE,
    experimental: { nativeMagicString: true },
  });
  const { output } = await bundle.write({
    dir: 'dist/cjs',
    format: 'cjs',
    exports: 'named',
    chunkFileNames: 'chunks/[name].js',
    // The code that several entry points need is in one file, because opening a file takes Node time.
    codeSplitting: {
      groups: [
        {
          name: 'shared',
          test: (id) =>
            CORE.has(id) && [SCRIPTS, EXPOSURES, METRICS, POSTGRES].every((one) => !one.test(id)),
          minShareCount: 2,
          priority: 1,
        },
        // The code that only entry points with pages share.
        { name: 'pages', test: (id) => !CORE.has(id) && PAGES.test(id), minShareCount: 2 },
        { name: 'figures', test: (id) => !CORE.has(id) && !PAGES.test(id), minShareCount: 2 },
        { name: 'scripts', test: SCRIPTS },
        { name: 'exposures', test: EXPOSURES },
        { name: 'metrics', test: METRICS },
        { name: 'postgres', test: POSTGRES },
      ],
    },
    // Reading comments takes time at each start. They stay in src/, which is published.
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  writeFileSync(join(root, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
  const modules = output.flatMap((chunk) => Object.keys(chunk.modules ?? {}));
  for (const { fileName } of output.filter((chunk) => chunk.map?.sources.some(isPackage))) {
    hideSources(join(root, 'dist/cjs', `${fileName}.map`));
  }
  writeLicences('dist/cjs/third-party-licenses.txt', 'This folder', modules);
}

/** Tells whether a module is of a package that is bundled. */
function isPackage(path) {
  return path.includes('node_modules');
}

/** Removes the paths of packages from a source map, because their sources are not published. */
function hideSources(file) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  map.sources = map.sources.map((source) => (isPackage(source) ? null : source));
  writeFileSync(file, JSON.stringify(map));
}

async function buildCommandLine() {
  const bundle = await rolldown({
    cwd: root,
    input: 'src/cli/main.ts',
    external: EXTERNAL,
    platform: 'node',
    resolve: RESOLVE,
  });
  const file = 'dist/cli/evenhand.js';
  // Keeps names and lines, so that stack traces stay readable.
  const minify = { compress: true, mangle: false, codegen: false };
  const { output } = await bundle.write({ file, format: 'esm', comments: false, minify });
  chmodSync(join(root, file), 0o755);
  const licences = 'dist/cli/third-party-licenses.txt';
  writeLicences(licences, 'evenhand.js', Object.keys(output[0].modules));
}

/** Writes the licences of the packages of a bundle's modules. Each text appears once, with its packages. */
function writeLicences(file, bundle, modules) {
  const found = modules.flatMap((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  const packages = new Map();
  const folders = [...new Set(found)].sort((a, b) => (a < b ? -1 : 1));
  for (const folder of folders) {
    const { name, version, license } = require(join(folder, 'package.json'));
    const papers = readdirSync(folder).filter((entry) => /^(licen[cs]e|notice)(\.|$)/i.test(entry));
    const texts = papers.map((paper) => readFileSync(join(folder, paper), 'utf8').trim());
    const text = texts.join('\n\n') || license;
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}`]);
  }
  const rule = '-'.repeat(80);
  write(
    file,
    `${bundle} contains these packages, under these licences:`,
    ...[...packages].flatMap(([text, names]) => ['', rule, ...names, '', text]),
  );
}

function writeTypes() {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const args = [tsc, '-p', 'src', '--emitDeclarationOnly'];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const folder = join(root, 'dist/cjs');
  const files = readdirSync(folder, { recursive: true }).map((file) => join(folder, file));
  const declarations = files.filter((file) => file.endsWith('.d.ts'));
  for (const file of declarations) importJavaScript(file);
  const needed = declarationsOf(ENTRIES.map((entry) => join(folder, `${entry}.d.ts`)));
  for (const file of declarations.filter((one) => !needed.has(one))) {
    rmSync(file);
    rmSync(`${file}.map`);
  }
}

/** Returns declaration files and those that they import, which are all that users' compilers read. */
function declarationsOf(entries) {
  const imports = /(?:\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]*)\.js\1/g;
  const needed = new Set(entries);
  // A set also visits the files that are added on the way.
  for (const file of needed) {
    for (const [, , path] of readFileSync(file, 'utf8').matchAll(imports)) {
      needed.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  return needed;
}

/** Makes a declaration file name the files that exist: tsc leaves the sources' `.ts` in its imports. */
function importJavaScript(file) {
  const text = readFileSync(file, 'utf8');
  const imports = /((?:\bfrom |\bimport\()(['"])\.{1,2}\/[^'"]*)\.ts\2/g;
  writeFileSync(file, text.replaceAll(imports, '$1.js$2'));
}

/**
 * Writes the named exports of an entry point for `import`. The file uses `require`, because Node would
 * otherwise scan the whole CommonJS file for names. Bundlers (the condition `module`) get a file with
 * imports that they can follow.
 */
function writeEsm(entry) {
  const target = relative(
    join(root, 'dist/esm', dirname(entry)),
    join(root, `dist/cjs/${entry}.js`),
  );
  const names = Object.keys(require(join(root, `dist/cjs/${entry}.js`)))
    .sort()
    .join(', ');
  write(
    `dist/esm/${entry}.js`,
    `import { createRequire } from 'node:module';`,
    `export const { ${names} } = createRequire(import.meta.url)('${target}');`,
  );
  write(`dist/bundlers/${entry}.js`, `export { ${names} } from '${target}';`);
  write(`dist/esm/${entry}.d.ts`, `export * from '${target}';`);
}

function write(path, ...lines) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${lines.join('\n')}\n`);
}
