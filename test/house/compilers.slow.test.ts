import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { blocksOf } from '../docs/readme-blocks.ts';
import { TESTS_EVERYTHING } from '../runs.ts';
import { describeWith } from '../servers/find-program.ts';

const ROOT = join(__dirname, '../..');

/**
 * The oldest compiler that README promises, the last one written in JavaScript, and the newest. Each
 * has the types of Express and Node that people use with it.
 */
const COMPILERS = {
  '5.4': ['typescript@5.4', '@types/express@4', '@types/node@20'],
  '5.9': ['typescript@5.9', '@types/express@5', '@types/node@22'],
  '7': ['typescript@7', '@types/express@5', '@types/node@24'],
} as const;

type Version = keyof typeof COMPILERS;

const VERSIONS = Object.keys(COMPILERS) as Version[];

const ENTRIES = Object.keys(packageJson.exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => `evenhand${entry.slice(1)}`);

/** Imports every entry point. */
const IMPORTS = [
  ...ENTRIES.map((entry, i) => `import * as e${i} from '${entry}';`),
  `export const all = [${ENTRIES.map((_, i) => `e${i}`).join(', ')}];`,
].join('\n');

const STRICT = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  module: 'nodenext',
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
} as const;

/** Projects in a temporary folder, which have the package and one compiler each. */
class Projects {
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenhand-compilers-'));

  /** Makes the projects. Returns false if npm does not reach its registry. */
  make(): boolean {
    // The script "prepare" would rebuild dist while other tests read it.
    npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', this.folder);
    const packed = readdirSync(this.folder).map((name) => join(this.folder, name));
    return VERSIONS.every((version) => {
      mkdirSync(this.of(version));
      writeFileSync(join(this.of(version), 'package.json'), '{ "type": "module" }');
      const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
      return npm(this.of(version), 'install', ...quiet, ...COMPILERS[version], ...packed);
    });
  }

  /** The folder of a compiler's project. */
  of(version: Version): string {
    return join(this.folder, version);
  }

  /** Compiles files of a project; returns the compiler's output, which is empty without an error. */
  compile(
    version: Version,
    type: 'module' | 'commonjs',
    files: Readonly<Record<string, string>>,
    options: object = {},
    include: readonly string[] = [],
  ): string {
    const folder = this.of(version);
    const manifest = join(folder, 'package.json');
    const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: object };
    writeFileSync(manifest, JSON.stringify({ type, dependencies }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const compilerOptions = { ...STRICT, ...options };
    const config = { compilerOptions, files: Object.keys(files), include, exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs npm; returns true if it succeeds. */
function npm(cwd: string, ...args: string[]): boolean {
  const shell = process.platform === 'win32';
  return spawnSync('npm', args, { cwd, stdio: 'ignore', shell }).status === 0;
}

/** The samples of README that are programs, by their files. */
function samples(): Record<string, string> {
  const blocks = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  const programs = blocks.flatMap(({ file = '', text }) =>
    /\.(ts|mjs|cjs)$/.test(file) ? [[file, text] as const] : [],
  );
  return Object.fromEntries(programs);
}

const projects = TESTS_EVERYTHING ? new Projects() : undefined;
const isReady = projects?.make() === true;

afterAll(() => projects?.remove());

const needed = {
  name: 'the TypeScript compilers 5.4, 5.9 and 7',
  program: isReady ? 'npm' : undefined,
  install: 'let npm reach its registry',
  variable: 'EVENHAND_REQUIRE_NPM',
};

describeWith(needed, 'the declarations', () => {
  const made = (): Projects => {
    if (projects === undefined || !isReady) throw new Error('npm could not install the compilers');
    return projects;
  };

  it.each(VERSIONS)(
    'are read by TypeScript %s without skipLibCheck, and fit the samples of README',
    (version) => {
      const programs = samples();
      expect(Object.keys(programs).length).toBeGreaterThan(3);
      const uses = readFileSync(join(ROOT, 'test/house/types/consumer.ts'), 'utf8');
      const files = { ...programs, 'all.ts': IMPORTS, 'consumer.ts': uses };
      const checked = { allowJs: true, checkJs: true };
      const all = ['node_modules/evenhand/dist/**/*.d.ts'];
      expect(made().compile(version, 'module', files, checked, all)).toBe('');
    },
  );

  it.each(VERSIONS)('are read by TypeScript %s in CommonJS', (version) => {
    expect(made().compile(version, 'commonjs', { 'all.ts': IMPORTS })).toBe('');
  });

  it.each(VERSIONS)('are read by TypeScript %s for a bundler', (version) => {
    const bundler = { module: 'esnext', moduleResolution: 'bundler' };
    expect(made().compile(version, 'module', { 'all.ts': IMPORTS }, bundler)).toBe('');
  });

  it('need the types of Express and Node only for the main entry point, the toolbar and the dashboard', () => {
    const folder = made().of('5.4');
    for (const name of ['express', 'node']) {
      rmSync(join(folder, 'node_modules/@types', name), { recursive: true });
    }
    const needing = new Set(['evenhand', 'evenhand/toolbar', 'evenhand/dashboard']);
    const others = ENTRIES.filter((entry) => !needing.has(entry));
    const text = others.map((entry) => `export type {} from '${entry}';`).join('\n');
    expect(made().compile('5.4', 'module', { 'all.ts': text }, { types: [] })).toBe('');
  });
});
