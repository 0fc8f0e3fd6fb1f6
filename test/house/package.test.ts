import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { InstalledPackage } from './package/installed.ts';

/** The names that each entry point exports at run time. A change here changes the public API. */
const NAMES = {
  evenhand: [
    'ConflictError',
    'ContextError',
    'EvenhandError',
    'HistoryError',
    'IdentityError',
    'NotMountedError',
    'OptionError',
    'PROMETHEUS_CONTENT_TYPE',
    'PlanoutError',
    'RuleError',
    'SourceError',
    'SpecError',
    'StoreError',
    'assertAppended',
    'bucketOf',
    'callbackSink',
    'compileRule',
    'createClient',
    'createExposures',
    'evenhand',
    'fileSink',
    'httpSource',
    'loggerSink',
    'parseExperiments',
    'planoutLog',
    'prometheusText',
    'rapidhash',
    'requireOff',
    'requireOn',
    'requireVariant',
    'settingsSource',
    'stdoutSink',
    'verifyWebhook',
    'version',
    'webhookSink',
  ],
  'evenhand/planout': [
    'Assignment',
    'Interpreter',
    'PlanoutError',
    'SimpleNamespace',
    'bernoulliFilter',
    'bernoulliTrial',
    'compileScript',
    'defineExperiment',
    'defineRandomOperator',
    'fastSample',
    'inspectScript',
    'parseScript',
    'randomFloat',
    'randomInteger',
    'registerOperators',
    'sample',
    'testScript',
    'uniformChoice',
    'weightedChoice',
  ],
  'evenhand/views': ['handlebarsHelpers', 'nunjucksExtension', 'scriptJson'],
  'evenhand/testing': [
    'fixedExperiments',
    'fixedNamespaces',
    'overrideExperiment',
    'recordingSink',
  ],
  'evenhand/opentelemetry': ['evaluationHooks', 'observeMetrics'],
  'evenhand/postgres': [
    'NamespaceError',
    'createPostgresNamespaces',
    'createPostgresStore',
    'migratePostgres',
    'postgresSink',
    'postgresSource',
  ],
  'evenhand/redis': ['createRedisStore', 'redisSource', 'redisStreamSink'],
  'evenhand/nats': ['natsSink'],
  'evenhand/kafka': ['kafkaSink'],
  'evenhand/analysis': [
    'DIALECTS',
    'EXPERIMENT_PLAN_VERSION',
    'RESULT_VERSION',
    'analysisSql',
    'analyze',
    'clientEngine',
    'duckdbEngine',
    'measureBaseline',
    'planExperiment',
    'planPage',
    'postgresEngine',
    'resultJson',
    'resultMarkdown',
    'resultPage',
  ],
  'evenhand/toolbar': ['toolbar'],
  'evenhand/dashboard': ['dashboard', 'fileStore'],
};

const ENTRIES = Object.keys(NAMES);

/** Returns the name of an entry point in the programs below: `main`, or its last path segment. */
const called = (entry: string): string => entry.split('/')[1] ?? 'main';

/** A program that runs as ESM and as CommonJS, once the entry points are imported. */
const DECIDE = `
  const config = [
    'search:on',
    {
      name: 'exp', identity: 'user.id', variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        { rule: 'user.plan in ["pro"] and 18 <= user.age < 65', allocations: [{ variant: 'a', percent: 100 }] },
        { allocations: [{ variant: 'a', percent: 50 }, { variant: 'b', percent: 50 }] },
      ],
    },
  ];
  const decide = (user) => main.parseExperiments(config).participant({ user }).variants();
  let refused;
  try { main.parseExperiments([{ name: 'exp' }]); } catch (error) { refused = error.code; }
  const source = testing.fixedExperiments({ exp: 'b' });
  console.log(JSON.stringify({
    names: [${ENTRIES.map(called).join(', ')}].map((entry) =>
      Object.keys(entry).filter((name) => name !== 'default' && name !== '__esModule').sort()),
    pro: decide({ id: 7, plan: 'pro', age: 30 }),
    others: decide({ id: 7, plan: 'free', age: 30 }),
    bucket: main.bucketOf(7, 'exp'),
    hash: String(main.rapidhash('evenhand')),
    refused,
    fixed: main.createClient({ source }).participant().variant('exp'),
    middleware: typeof main.evenhand({ source: config, overrides: { allowIps: ['10.0.0.0/8'] } }),
    json: views.scriptJson('</script>'),
  }));
`;

const IMPORTS = ENTRIES.map((entry) => `import * as ${called(entry)} from '${entry}';\n`).join('');

const REQUIRES = ENTRIES.map((entry) => `const ${called(entry)} = require('${entry}');\n`).join('');

/** Returns all strings in a JSON value. */
function leavesOf(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(leavesOf) : [];
}

/** Returns the declaration files that users' compilers read, relative to the package. */
function reachedTypes(entries: readonly string[]): string[] {
  const reached = new Set(entries);
  for (const file of reached) {
    const text = readFileSync(installed.path(file), 'utf8');
    for (const [, path = ''] of text.matchAll(/['"](\.{1,2}\/[^'"]+)\.js['"]/g)) {
      reached.add(`${posix.join(posix.dirname(file), path)}.d.ts`);
    }
  }
  return [...reached];
}

/**
 * The size of the unpacked package, rounded up to half a megabyte. Of it, 2.8 MB are sources, 1.7 MB the
 * command line, 1.4 MB source maps, 0.8 MB documents, 0.6 MB the analysis, and 0.4 MB the toolbar
 * and the dashboard.
 */
const MAX_SIZE = 11_000_000;

const installed = new InstalledPackage();

afterAll(() => {
  installed.remove();
});

describe('the package', () => {
  it('contains the build, the schemas, the migrations, the sources, the documents and no more', () => {
    const papers = [
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ];
    expect(installed.files.filter((file) => !file.includes('/')).sort()).toEqual(papers);
    const folders = new Set(installed.files.map((file) => file.split('/')[0] ?? ''));
    for (const paper of papers) folders.delete(paper);
    expect([...folders].sort()).toEqual(['dist', 'docs', 'schema', 'sql', 'src']);
    expect(installed.files).toContain('schema/experiments.schema.json');
    expect(installed.files).toContain('sql/postgres/0001-experiments.sql');
    expect(
      installed.files.filter((file) => /\.test\.|tsconfig|\.map\.|fixtures/.test(file)),
    ).toEqual([]);
    expect(installed.size).toBeLessThan(MAX_SIZE);
  });

  it('contains each file that README links to; other links are absolute', () => {
    const links = [...readFileSync(installed.path('README.md'), 'utf8').matchAll(/\]\(([^)#]+)/g)];
    const targets = links.map(([, target = '']) => target);
    const absolute = targets.filter((target) => /^https?:/.test(target));
    expect(targets.length - absolute.length).toBeGreaterThan(15);
    const missing = targets.filter(
      (target) => !absolute.includes(target) && !installed.files.includes(target),
    );
    expect(missing).toEqual([]);
    // The owner changes the address in package.json; these follow.
    const { homepage, bugs } = packageJson;
    const ours = [...absolute, homepage, bugs].filter((url) => url.includes('github.com'));
    const repository = packageJson.repository.url.replace(/^git\+|\.git$/g, '');
    expect(ours.filter((url) => !url.startsWith(repository))).toEqual([]);
  });

  it('contains declarations that import the files that exist', () => {
    const wrong = installed.files
      .filter((file) => file.endsWith('.d.ts'))
      .filter((file) => /['"]\.[^'"]*\.ts['"]/.test(readFileSync(installed.path(file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('contains the types that entry points reach, and one file per entry point and format, with source maps', () => {
    const all = installed.files.filter((file) => file.startsWith('src/'));
    const sources = all.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(60);
    expect(all.filter((file) => !sources.includes(file))).toEqual(['src/hash/rapidhash.wat']);
    const names = leavesOf(packageJson.exports).flatMap(
      (file) => /^\.\/dist\/esm\/(.*)\.js$/.exec(file)?.[1] ?? [],
    );
    expect(names).toHaveLength(ENTRIES.length);
    const types = reachedTypes(names.map((name) => `dist/cjs/${name}.d.ts`)).flatMap((file) => [
      file,
      `${file}.map`,
    ]);
    expect(types.length).toBeGreaterThan(200);
    const entries = names.flatMap((name) => [
      ...['.js', '.js.map'].map((ending) => `dist/cjs/${name}${ending}`),
      `dist/esm/${name}.js`,
      `dist/esm/${name}.d.ts`,
      `dist/bundlers/${name}.js`,
    ]);
    const dist = installed.files.filter((file) => file.startsWith('dist/'));
    const chunks = dist.filter((file) => file.startsWith('dist/cjs/chunks/'));
    const code = chunks.filter((file) => file.endsWith('.js'));
    expect(code).toContain('dist/cjs/chunks/shared.js');
    for (const file of chunks) expect(file).toMatch(/\.js(\.map)?$/);
    const single = [
      'dist/cjs/package.json',
      'dist/cli/evenhand.js',
      'dist/cli/third-party-licenses.txt',
      'dist/cjs/third-party-licenses.txt',
    ];
    expect(dist.sort()).toEqual([...types, ...entries, ...chunks, ...single].sort());
  });

  it('contains the licences of the packages that are bundled into the command line', () => {
    const text = readFileSync(installed.path('dist/cli/third-party-licenses.txt'), 'utf8');
    const { devDependencies } = packageJson;
    for (const name of ['commander', 'cli-table3', 'jsonc-parser'] as const) {
      expect(text).toContain(`\n${name} ${devDependencies[name]}\n`);
    }
    expect(text).toContain('Permission is hereby granted, free of charge');
    expect(text).toMatch(/@stdlib\/math-base-special-gammainc[^]*Apache License/);
  });

  it('contains the licences of the packages that are bundled into the library', () => {
    const text = readFileSync(installed.path('dist/cjs/third-party-licenses.txt'), 'utf8');
    expect(text).toMatch(/@stdlib\/math-base-special-gammainc[^]*Apache License/);
    expect(text).not.toContain('commander');
  });

  it('contains only source maps that point to its own sources', () => {
    const maps = installed.files.filter((file) => file.endsWith('.map'));
    const lost = maps.flatMap((file) => {
      const { sources } = JSON.parse(readFileSync(installed.path(file), 'utf8')) as {
        // null: of a package that is bundled.
        sources: (string | null)[];
      };
      return sources
        .filter((source) => source !== null)
        .map((source) => posix.join(dirname(file), source))
        .filter((source) => !existsSync(installed.path(source)));
    });
    expect(lost).toEqual([]);
  });

  it('depends on three packages at run time', () => {
    expect(Object.keys(packageJson.dependencies).sort()).toEqual([
      'cookie-parser',
      'ipaddr.js',
      'jsep',
    ]);
  });
});

describe('the entry points', () => {
  const expected = {
    names: Object.values(NAMES),
    pro: { search: 'on', exp: 'a' },
    others: { search: 'on', exp: expect.stringMatching(/^[ab]$/) },
    bucket: expect.any(Number),
    hash: expect.stringMatching(/^\d+$/),
    refused: 'spec',
    fixed: 'b',
    middleware: 'function',
    json: String.raw`"\u003c/script\u003e"`,
  };

  let esm: unknown;
  let commonjs: unknown;

  beforeAll(() => {
    esm = installed.run('app.mjs', IMPORTS + DECIDE);
    commonjs = installed.run('app.cjs', REQUIRES + DECIDE);
  });

  it('work as ESM', () => expect(esm).toEqual(expected));

  it('work as CommonJS', () => expect(commonjs).toEqual(expected));

  it('make the same decisions in ESM and CommonJS', () => expect(commonjs).toEqual(esm));

  it.each([
    ['app.mjs', IMPORTS],
    ['app.cjs', REQUIRES],
  ])('work when code generation from strings is forbidden: %s', (name, head) => {
    const flags = ['--disallow-code-generation-from-strings'];
    // Proves that the flag has an effect.
    const proof = `try { globalThis.eval('1'); console.log('eval works'); } catch {}\n`;
    expect(installed.run(name, `${head}${proof}${DECIDE}`, flags)).toEqual(expected);
  });

  it('are the exports of package.json, and each file exists', () => {
    const { exports } = packageJson;
    const names = Object.keys(exports).map((entry) => posix.join('evenhand', entry));
    expect(names).toEqual([
      ...ENTRIES,
      'evenhand/analysis-result.schema.json',
      'evenhand/experiments.schema.json',
      'evenhand/exposure.schema.json',
      'evenhand/package.json',
    ]);
    const files = leavesOf(exports);
    expect(files.length).toBeGreaterThan(12);
    expect(files.filter((file) => !existsSync(join(installed.path(''), file)))).toEqual([]);
  });

  it('include the schema and package.json, but no internal file', () => {
    const program = `
      const reasons = ['evenhand/dist/cjs/index.js', 'evenhand/src/errors/evenhand-error.ts'].map((path) => {
        try { require(path); return 'loaded'; } catch (error) { return error.code; }
      });
      const schema = require('evenhand/experiments.schema.json');
      console.log(JSON.stringify([require('evenhand/package.json').name, schema.title, reasons]));
    `;
    const refused = 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    expect(installed.run('deep.cjs', program)).toEqual([
      'evenhand',
      'Experiments',
      [refused, refused],
    ]);
  });

  it('load a dependency only when it is needed, and never Express', () => {
    const program = `
      ${REQUIRES}
      const packages = () => [...new Set(Object.keys(require.cache)
        .map((path) => path.replaceAll('\\\\', '/').split('/node_modules/'))
        .filter((parts) => parts.length > 1)
        .map((parts) => parts.pop().split('/')[0]))].sort();
      const atStart = packages();
      const rule = main.compileRule('plan == "pro"');
      const withRule = packages();
      main.evenhand({ source: [], overrides: { allowIps: ['10.0.0.0/8'] } });
      const withRanges = packages();
      console.log(JSON.stringify({ atStart, withRule, withRanges }));
    `;
    // jsep loads with the first rule, ipaddr.js with the first range, cookie-parser with the first cookie.
    expect(installed.run('loaded.cjs', program)).toEqual({
      atStart: ['evenhand'],
      withRule: ['evenhand', 'jsep'],
      withRanges: ['evenhand', 'ipaddr.js', 'jsep'],
    });
  });
});

/** Calls of functions whose code is loaded on the first call; `main` is `evenhand`. */
const LATER = `
  const spec = {
    context: { properties: { plan: { type: 'string' } } },
    experiments: [],
    namespaces: [{
      name: 'words', unit: 'user.id', segments: 10,
      experiments: [{ name: 'first', variants: [{ name: 'a', values: { word: 'hello' } }] }],
      history: [{ add: 'first', segments: 10 }],
    }],
  };
  const codeOf = (call) => { try { call(); return 'none'; } catch (error) { return error.code; } };
  const snapshot = main.parseExperiments(spec);
  const participant = snapshot.participant({ user: { id: 7 }, plan: 'pro' });
  const later = {
    word: participant.namespace('words').get('word', 'none'),
    explained: participant.explain('nothing').reason,
    appended: codeOf(() => main.assertAppended(spec, { ...spec, namespaces: [] })),
    remedy: codeOf(() => main.compileRule('a AND b')),
    call: codeOf(() => main.compileRule('len(a)')),
    mistake: codeOf(() => main.parseExperiments({ a: true })),
    context: codeOf(() => main.parseExperiments({
      ...spec,
      experiments: [{ name: 'e', identity: 'plan', variants: [{ name: 'a' }], audiences: [
        { rule: 'plna == "pro"', allocations: [{ variant: 'a', percent: 100 }] },
        { allocations: [{ variant: 'a', percent: 100 }] },
      ] }],
    })),
    exposures: typeof main.createExposures({ sink: main.callbackSink(() => {}) }).flush,
    file: main.fileSink({ path: 'never-written.ndjson' }).name.length > 0,
    webhook: codeOf(() => main.webhookSink('no address')),
    verified: typeof main.verifyWebhook,
    http: codeOf(() => main.httpSource('no address')),
    planout: typeof main.planoutLog,
    metrics: main.createClient({ source: [] }).metrics().length > 10,
  };
`;

const LATER_RESULTS = {
  word: 'hello',
  explained: 'unknown-experiment',
  appended: 'history',
  remedy: 'syntax',
  call: 'call',
  mistake: 'spec',
  context: 'spec',
  exposures: 'function',
  file: true,
  webhook: 'option',
  verified: 'function',
  http: 'option',
  planout: 'function',
  metrics: true,
};

/** A specification without namespaces, metrics and schedules. */
const PLAIN = {
  experiments: [
    {
      name: 'headline',
      identity: 'user.id',
      variants: [{ name: 'old' }, { name: 'new' }],
      audiences: [
        {
          allocations: [
            { variant: 'old', percent: 50 },
            { variant: 'new', percent: 50 },
          ],
        },
      ],
    },
  ],
};

describe('code that most applications never call', () => {
  it('is loaded on the first call, not before', () => {
    const program = `
      const main = require('evenhand');
      const read = () => Object.keys(require.cache)
        .map((path) => path.replaceAll('\\\\', '/').split('/evenhand/dist/')[1])
        .filter((path) => path !== undefined);
      const atStart = read().sort();
      ${LATER}
      console.log(JSON.stringify({ atStart, after: read().length, later }));
    `;
    expect(installed.run('later.cjs', program)).toEqual({
      atStart: ['cjs/chunks/shared.js', 'cjs/index.js'],
      after: expect.any(Number),
      later: LATER_RESULTS,
    });
  });

  it('is loaded only by those who use it: the files of the common paths', () => {
    writeFileSync(join(installed.folder, 'plain.json'), JSON.stringify(PLAIN));
    const program = `
      const main = require('evenhand');
      const read = () => Object.keys(require.cache)
        .map((path) => path.replaceAll('\\\\', '/').split('/evenhand/dist/cjs/')[1])
        .filter((path) => path !== undefined)
        .sort();
      const middleware = main.evenhand({ source: 'plain.json' });
      void middleware.ready().then(() => {
        const started = read();
        main.createExposures({ sink: main.callbackSink(() => {}) });
        console.log(JSON.stringify({ started, recording: read() }));
        return middleware.close();
      });
    `;
    const started = ['chunks/shared.js', 'index.js'];
    expect(installed.run('paths.cjs', program)).toEqual({
      started,
      recording: ['chunks/exposures.js', ...started],
    });
  });

  it('also runs as ESM', () => {
    const program = `import * as main from 'evenhand'; ${LATER} console.log(JSON.stringify(later));`;
    expect(installed.run('later.mjs', program)).toEqual(LATER_RESULTS);
  });
});

/** An application that asks itself for a page of the dashboard and the page's files. */
const DASHBOARD_APP = `
  import { once } from 'node:events';
  import { createServer } from 'node:http';
  import { evenhand } from 'evenhand';
  import { dashboard } from 'evenhand/dashboard';
  const show = dashboard(evenhand({ source: ['search:on'] }), { allow: () => true });
  const server = createServer((req, res) => {
    show(Object.assign(req, { originalUrl: req.url, baseUrl: '' }), res, () => res.end());
  });
  server.listen(0, '127.0.0.1').once('listening', async () => {
    const root = 'http://127.0.0.1:' + server.address().port + '/namespaces';
    const page = await fetch(root);
    const text = await page.text();
    const files = [/<link rel="stylesheet" href="([^"]+)"/, /<script src="([^"]+)"/].map((one) =>
      fetch(new URL(one.exec(text)[1], root)));
    const found = (await Promise.all(files)).map(({ status, headers }) =>
      [status, headers.get('content-type').split(';')[0]]);
    console.log(JSON.stringify([page.status, ...found]));
    server.closeAllConnections();
    server.close();
  });
`;

/** Returns the arguments of Node that write a file's bundle. */
type Bundle = (app: string, output: string) => readonly string[];

const binOf = (name: string, bin: string): string =>
  join(dirname(require.resolve(`${name}/package.json`)), bin);

const rolldownTo =
  (format: string): Bundle =>
  (app, output) => [
    binOf('rolldown', 'bin/cli.mjs'),
    app,
    '--platform=node',
    `--format=${format}`,
    '-o',
    output,
  ];

const esbuildTo =
  (format: string): Bundle =>
  (app, output) => [
    '-e',
    `require(${JSON.stringify(require.resolve('esbuild'))}).buildSync(${JSON.stringify({
      entryPoints: [app],
      outfile: output,
      bundle: true,
      platform: 'node',
      format,
      logLevel: 'error',
      mainFields: ['module', 'main'],
    })})`,
  ];

const BUNDLES: readonly (readonly [bundler: string, output: string, bundle: Bundle])[] = [
  ['Rolldown as ESM', 'app.mjs', rolldownTo('esm')],
  ['Rolldown as CommonJS', 'app.cjs', rolldownTo('cjs')],
  ['esbuild as CommonJS', 'app.cjs', esbuildTo('cjs')],
];

describe('an application that is bundled into one file', () => {
  it('runs without installed packages', () => {
    const app = join(installed.folder, 'bundled.mjs');
    const program = `${IMPORTS}${LATER} console.log(JSON.stringify(later));`;
    writeFileSync(app, program);
    // No package is installed in this folder.
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-bundle-'));
    const output = join(folder, 'app.mjs');
    const rolldown = join(dirname(require.resolve('rolldown/package.json')), 'bin/cli.mjs');
    execFileSync(process.execPath, [rolldown, app, '--platform=node', '-o', output]);
    const options = { cwd: folder, encoding: 'utf8', env: {} } as const;
    const { stdout, stderr } = spawnSync(process.execPath, [output], options);
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(LATER_RESULTS);
  });

  it.each(BUNDLES)('shows the dashboard with its style, by %s', (_bundler, output, bundle) => {
    const app = join(installed.folder, 'dashboard-app.mjs');
    writeFileSync(app, DASHBOARD_APP);
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-bundle-'));
    execFileSync(process.execPath, bundle(app, join(folder, output)));
    const options = { cwd: folder, encoding: 'utf8', env: {} } as const;
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, output)], options);
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([200, [200, 'text/css'], [200, 'text/javascript']]);
  });
});

describe('import and require in one process', () => {
  it('load the same copy', () => {
    const program = `
      import { createRequire } from 'node:module';
      import * as views from 'evenhand/views';
      import * as esm from 'evenhand';
      const require = createRequire(import.meta.url);
      const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);
      console.log(JSON.stringify([
        same(esm, require('evenhand')), same(views, require('evenhand/views')),
      ]));
    `;
    expect(installed.run('same.mjs', program)).toEqual([true, true]);
  });
});

describe('two installed copies in one process', () => {
  it('recognise each other’s requests and errors', () => {
    installed.copyAs('evenhand-again');
    const program = `
      import * as one from 'evenhand';
      import * as other from 'evenhand-again';
      const visit = ({ evenhand }, { requireOn, requireOff }) => {
        const req = { headers: {}, ip: '127.0.0.1' };
        const res = { locals: {}, headersSent: false, vary() {}, hasHeader: () => true };
        const calls = [];
        const next = (...given) => calls.push(given);
        evenhand({ source: ['search:on'] })(req, res, next);
        requireOn('search')(req, res, next);
        requireOff('search')(req, res, next);
        return [calls, req.isOn('search'), res.locals.isOn('search')];
      };
      let unmounted;
      other.requireOn('search')({}, {}, (error) => { unmounted = error; });
      console.log(JSON.stringify({
        copies: one.evenhand === other.evenhand ? 1 : 2,
        oneThenOther: visit(one, other),
        otherThenOne: visit(other, one),
        told: [unmounted.code, unmounted instanceof one.NotMountedError],
      }));
    `;
    // The calls of next() by the middleware, by requireOn and by requireOff, which leaves its router.
    const both = [[[], [], ['router']], true, true];
    expect(installed.run('both.mjs', program)).toEqual({
      copies: 2,
      oneThenOther: both,
      otherThenOne: both,
      told: ['not-mounted', false],
    });
  });
});
