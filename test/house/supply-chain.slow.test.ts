import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import lock from '../../package-lock.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { InstalledPackage } from './package/installed.ts';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** An entry of package-lock.json. */
interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const locked = new Map(Object.entries(lock.packages as Readonly<Record<string, Locked>>));

/** The scripts that npm runs when a package is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

/** Returns the packages that `npm install evenhand` installs, each with the first one that depends on it. */
function tree(): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = Object.keys(packageJson.dependencies).map((name) => ({ name, by: 'evenhand' }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { name, by } = next;
    if (found.has(name)) continue;
    found.set(name, by);
    const { dependencies, optionalDependencies } = locked.get(`node_modules/${name}`) ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
      waiting.push({ name: needed, by: name });
    }
  }
  return found;
}

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]) =>
  String(a) < String(b) ? -1 : 1;

const doc = read('docs/dependencies.md');

describe('the packages at run time', () => {
  it('are listed in docs/dependencies.md with version, licence and the package that needs them', () => {
    const [, section = ''] = doc.split('\n## The whole tree at run time\n');
    const [table = ''] = section.split('\n## ');
    const rows = table.matchAll(/^\| `(\S+)` +\| `(\S+)` +\| (\S+) +\| `(\S+)` +\| \S.* \|$/gm);
    const expected = [...tree()].map(([name, by]) => {
      const { version, license } = locked.get(`node_modules/${name}`) ?? {};
      return [name, version, license, by];
    });
    expect([...rows].map((row) => row.slice(1))).toEqual(expected.sort(byName));
    expect(doc).toContain(`they are ${expected.length} packages`);
  });

  it('are locked by digest, have the MIT licence and run no install scripts', () => {
    for (const name of tree().keys()) {
      const entry = locked.get(`node_modules/${name}`);
      expect(entry?.integrity).toMatch(/^sha512-/);
      expect(entry?.license).toBe('MIT');
      expect(entry?.hasInstallScript).toBeUndefined();
      const folder = join(ROOT, 'node_modules', name);
      const { scripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        scripts?: Record<string, string>;
      };
      expect(INSTALL_SCRIPTS.filter((script) => script in scripts)).toEqual([]);
      // npm compiles a package that has this file.
      expect(existsSync(join(folder, 'binding.gyp'))).toBe(false);
    }
  });

  it('are installed in one version each', () => {
    const nested = [...locked.keys()].filter((path) =>
      [...tree().keys()].some((name) => path.startsWith(`node_modules/${name}/node_modules/`)),
    );
    expect(nested).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  it('names every development package that has an install script', () => {
    const running = [...locked].flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript === true ? [path.slice('node_modules/'.length)] : [],
    );
    const names = running.map((name) => `\`${name}\``).join(', ');
    expect(doc.replaceAll('\n', ' ')).toContain(`--ignore-scripts\`: ${names}.`);
  });
});

describe('package-lock.json', () => {
  it('contains the packages of all platforms, because "npm ci" fails without them', () => {
    const isThere = (from: string, name: string): boolean => {
      if (locked.has(`${from === '' ? '' : `${from}/`}node_modules/${name}`)) return true;
      if (from === '') return false;
      return isThere(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
    };
    const missing = [...locked].flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isThere(path, name))
        .map((name) => `${name}, which ${path} needs`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the published package', () => {
  const installed = new InstalledPackage();
  const text = (file: string) => readFileSync(installed.path(file), 'utf8');

  afterAll(() => {
    installed.remove();
  });

  it('contains only expected kinds of files and no hidden file', () => {
    const kinds = new Set(installed.files.map((file) => extname(file) || basename(file)));
    const known = '.js .json .map .md .sql .svg .ts .txt .wat LICENSE'.split(' ');
    expect([...kinds].sort()).toEqual(known);
    expect(installed.files.filter((file) => /(^|\/)\./.test(file))).toEqual([]);
  });

  it('contains no tests, tools, benchmarks or examples', () => {
    const others = /^(test|scripts|bench|fuzz|examples|coverage|node_modules)\/|\.test\.|tsconfig/;
    expect(installed.files.filter((file) => others.test(file))).toEqual([]);
  });

  it('contains no secrets and no path of the machine that built it', () => {
    const secrets = [
      /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
      /\bnpm_[A-Za-z0-9]{36}\b/,
      /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
      /\bAKIA[0-9A-Z]{16}\b/,
      /_authToken/,
    ];
    const places = [ROOT, pathToFileURL(ROOT).href, tmpdir() + '/evenhand'];
    const found = installed.files.filter((file) => {
      const content = text(file);
      const inside = places.some((place) => content.includes(place));
      return inside || secrets.some((secret) => secret.test(content));
    });
    expect(found).toEqual([]);
  });

  it('has source maps with relative paths and without a second copy of the sources', () => {
    const maps = installed.files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(60);
    for (const file of maps) {
      const map = JSON.parse(text(file)) as {
        sources: string[];
        sourceRoot?: string;
        sourcesContent?: unknown;
      };
      expect(map.sources.filter((source) => !/^(\.\.?\/)*[\w-]/.test(source))).toEqual([]);
      expect(map.sourceRoot ?? '').toBe('');
      expect(map.sourcesContent).toBeUndefined();
    }
  });

  it('runs no scripts when it is installed', () => {
    const { scripts } = packageJson;
    const run = [...INSTALL_SCRIPTS, 'prepublish', 'preprepare', 'postprepare'];
    expect(run.filter((script) => Object.hasOwn(scripts, script))).toEqual([]);
    expect(installed.files).not.toContain('binding.gyp');
  });

  it('runs the script "prepare" in clones only, not when it is installed from a tarball', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-scripts-'));
    const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' } as const;
    // Our scripts in a package without dependencies, so that npm contacts no registry.
    const { scripts } = packageJson;
    const manifest = { name: 'scripts-of-evenhand', version: '1.0.0', scripts };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent'], options);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', '--offline', '--no-audit', '--foreground-scripts', '--loglevel=error'];
    const run = spawnSync('npm', [...args, './scripts-of-evenhand-1.0.0.tgz'], options);
    const isThere = existsSync(join(folder, 'node_modules/scripts-of-evenhand/package.json'));
    rmSync(folder, { recursive: true });
    expect(run.stdout).not.toContain('scripts/build.mjs');
    expect(run.status).toBe(0);
    expect(isThere).toBe(true);
  });
});

describe('the publish workflow', () => {
  const path = '.github/workflows/publish.yml';
  const workflow = read(path);

  /** The text of each job, by the job's name. */
  const jobs = new Map(
    workflow
      .slice(workflow.indexOf('\njobs:\n'))
      .split(/^(?= {2}\w+:$)/m)
      .slice(1)
      .map((job) => [/^ {2}(\w+):/.exec(job)?.[1] ?? '', job] as const),
  );

  /** Returns the permissions of a job. */
  const permissionsOf = (job: string) => {
    const [, block = ''] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(jobs.get(job) ?? '') ?? [];
    return [...block.matchAll(/^ {6}([\w-]+: \w+)$/gm)].map(([, permission]) => permission);
  };

  /** Returns the commands of a job's steps, except of steps with several lines. */
  const runsOf = (job: string) =>
    [...(jobs.get(job) ?? '').matchAll(/^ {6}- run: (.*)$/gm)].map(([, command]) => command);

  it('is valid YAML and formatted with Prettier', () => {
    const prettier = join(dirname(require.resolve('prettier/package.json')), 'bin/prettier.cjs');
    const run = spawnSync(process.execPath, [prettier, '--check', path], { cwd: ROOT });
    expect(run.status).toBe(0);
  });

  it('has no permissions by default, and lets only the job "publish" sign', () => {
    expect([...jobs.keys()]).toEqual(['ready', 'check', 'publish']);
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    expect(permissionsOf('ready')).toEqual(['contents: read']);
    expect(permissionsOf('check')).toEqual(['contents: read']);
    expect(permissionsOf('publish')).toEqual(['contents: read', 'id-token: write']);
    expect(workflow).not.toContain('secrets.');
    expect(workflow).not.toContain('pull_request');
  });

  it('pins actions to commits and does not persist credentials', () => {
    const uses = [...workflow.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(3);
    for (const action of uses) {
      expect(action).toMatch(/^actions\/(checkout|setup-node)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    const checkouts = workflow.match(/actions\/checkout@/g) ?? [];
    expect(workflow.match(/persist-credentials: false/g)).toHaveLength(checkouts.length);
  });

  it('checks and builds a clean checkout, and publishes it with provenance', () => {
    expect(jobs.get('publish')).toContain('needs: [ready, check]');
    expect(runsOf('check')).toEqual([
      'npm ci --ignore-scripts',
      'npm audit --omit=dev',
      'npm audit signatures',
      'npm run check',
    ]);
    expect(runsOf('publish')).toEqual([
      'npm ci --ignore-scripts',
      'npm run build',
      'npm publish --provenance --access public --ignore-scripts',
    ]);
    expect(packageJson.publishConfig).toEqual({ access: 'public', provenance: true });
  });

  describe('the job "ready"', () => {
    const [, step = ''] = /run: \|\n([^]*)$/.exec(jobs.get('ready') ?? '') ?? [];
    const script = step.replaceAll(/^ {10}/gm, '');
    const url = 'git+https://github.com/someone/evenhand.git';

    /** Runs the step in a folder with these files, on the tag of a version. */
    function look(address: string, manifest: object, tag = 'v1.2.3') {
      const folder = mkdtempSync(join(tmpdir(), 'evenhand-ready-'));
      writeFileSync(join(folder, 'SECURITY.md'), `Write to **${address}**\n`);
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ version: '1.2.3', ...manifest }),
      );
      const env = { ...process.env, GITHUB_REPOSITORY: 'someone/evenhand', GITHUB_REF_NAME: tag };
      const options = { cwd: folder, env, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], options);
      rmSync(folder, { recursive: true });
      return { status, output: stdout + stderr };
    }

    it('passes with a real address and the right repository', () => {
      const result = look('security@someone.example', { repository: { type: 'git', url } });
      expect(result).toEqual({ status: 0, output: '' });
    });

    it.each([
      [
        'the address is the placeholder',
        'security@example.org',
        { repository: url },
        'v1.2.3',
        'SECURITY.md still has',
      ],
      ['package.json names no repository', 'a@b.example', {}, 'v1.2.3', 'names the repository ""'],
      [
        'package.json names another repository',
        'a@b.example',
        { repository: 'x/y' },
        'v1.2.3',
        'not someone/evenhand',
      ],
      [
        'the tag names another version',
        'a@b.example',
        { repository: url },
        'v1.2.4',
        'v1.2.4 is not that of',
      ],
    ])('fails if %s', (_, address, manifest, tag, said) => {
      const { status, output } = look(address, manifest, tag);
      expect(status).toBe(1);
      expect(output).toContain(said);
    });
  });
});

describe('SECURITY.md', () => {
  const security = read('SECURITY.md');

  it('says where to report, which versions are supported and what a vulnerability is', () => {
    const headings = [...security.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 4)).toEqual([
      'Reporting',
      'Supported versions',
      'What is a vulnerability',
      'What is not',
    ]);
    expect(security).toMatch(/^Write to \*\*\S+@\S+\*\* /m);
  });

  it('links only to existing files, and is linked from the README', () => {
    const links = [...security.matchAll(/\]\(([^)#:]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
    expect(read('README.md').match(/\]\(SECURITY\.md\)/g) ?? []).not.toEqual([]);
  });
});
