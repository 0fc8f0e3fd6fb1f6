import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import lock from '../../package-lock.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { InstalledPackage } from './package/installed.ts';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** What package-lock.json says of a package. */
interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const locked = new Map(Object.entries(lock.packages as Readonly<Record<string, Locked>>));

/** Scripts that npm runs where a package is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

/** What `npm install evenhand` brings: each package with whoever asks for it first. */
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

describe('the packages at run time', () => {
  const doc = read('docs/dependencies.md');

  it('are the list in docs/dependencies.md, with version, licence and who brings them', () => {
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

  it('are locked by digest, may be passed on, and run nothing on being installed', () => {
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
      // With it, npm would build.
      expect(existsSync(join(folder, 'binding.gyp'))).toBe(false);
    }
  });

  it('are all that is installed: there is one version of each', () => {
    const nested = [...locked.keys()].filter((path) =>
      [...tree().keys()].some((name) => path.startsWith(`node_modules/${name}/node_modules/`)),
    );
    expect(nested).toEqual([]);
  });

  it('are few among those for development that run something, which are named, too', () => {
    const running = [...locked].flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript === true ? [path.slice('node_modules/'.length)] : [],
    );
    const names = running.map((name) => `\`${name}\``).join(', ');
    expect(doc.replaceAll('\n', ' ')).toContain(`--ignore-scripts\`: ${names}.`);
  });
});

describe('package-lock.json', () => {
  it('has the packages of all platforms, without which "npm ci" refuses it', () => {
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

describe('the package as it is published', () => {
  const installed = new InstalledPackage();
  const text = (file: string) => readFileSync(installed.path(file), 'utf8');

  afterAll(() => {
    installed.remove();
  });

  it('has only files of these kinds, none of them hidden', () => {
    const kinds = new Set(installed.files.map((file) => extname(file) || basename(file)));
    const known = '.js .json .map .md .sql .ts .txt .wat LICENSE'.split(' ');
    expect([...kinds].sort()).toEqual(known);
    expect(installed.files.filter((file) => /(^|\/)\./.test(file))).toEqual([]);
  });

  it('has nothing of tests, tools, benchmarks and examples', () => {
    const others =
      /^(test|scripts|bench|fuzz|examples|docs|coverage|node_modules)\/|\.test\.|tsconfig/;
    expect(installed.files.filter((file) => others.test(file))).toEqual([]);
  });

  it('has no secrets, and no path of the machine it was built on', () => {
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

  it('has maps with relative paths and without the sources, which it has already', () => {
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

  it('runs nothing on being installed', () => {
    const { scripts } = packageJson;
    const run = [...INSTALL_SCRIPTS, 'prepublish', 'preprepare', 'postprepare'];
    expect(run.filter((script) => Object.hasOwn(scripts, script))).toEqual([]);
    expect(installed.files).not.toContain('binding.gyp');
  });

  it('has the script "prepare" for clones only: from a registry or a file it is not run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-scripts-'));
    const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' } as const;
    // Our scripts in a package that needs nothing, so that no registry is asked.
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

describe('the workflow that publishes', () => {
  const path = '.github/workflows/publish.yml';
  const workflow = read(path);

  /** The jobs by their names, each with its text. */
  const jobs = new Map(
    workflow
      .slice(workflow.indexOf('\njobs:\n'))
      .split(/^(?= {2}\w+:$)/m)
      .slice(1)
      .map((job) => [/^ {2}(\w+):/.exec(job)?.[1] ?? '', job] as const),
  );

  /** What a job may do. */
  const permissionsOf = (job: string) => {
    const [, block = ''] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(jobs.get(job) ?? '') ?? [];
    return [...block.matchAll(/^ {6}([\w-]+: \w+)$/gm)].map(([, permission]) => permission);
  };

  /** What a job runs, a line for each step of one line. */
  const runsOf = (job: string) =>
    [...(jobs.get(job) ?? '').matchAll(/^ {6}- run: (.*)$/gm)].map(([, command]) => command);

  it('is YAML, laid out as everything', () => {
    const prettier = join(dirname(require.resolve('prettier/package.json')), 'bin/prettier.cjs');
    const run = spawnSync(process.execPath, [prettier, '--check', path], { cwd: ROOT });
    expect(run.status).toBe(0);
  });

  it('may do nothing by default, and one job may sign', () => {
    expect([...jobs.keys()]).toEqual(['ready', 'check', 'publish']);
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    expect(permissionsOf('ready')).toEqual(['contents: read']);
    expect(permissionsOf('check')).toEqual(['contents: read']);
    expect(permissionsOf('publish')).toEqual(['contents: read', 'id-token: write']);
    expect(workflow).not.toContain('secrets.');
    expect(workflow).not.toContain('pull_request');
  });

  it('takes actions by commit, and leaves no credentials behind', () => {
    const uses = [...workflow.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(3);
    for (const action of uses) {
      expect(action).toMatch(/^actions\/(checkout|setup-node)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    const checkouts = workflow.match(/actions\/checkout@/g) ?? [];
    expect(workflow.match(/persist-credentials: false/g)).toHaveLength(checkouts.length);
  });

  it('publishes, with provenance, what was checked and built from a clean checkout', () => {
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

  describe('looks whether the owner is ready:', () => {
    const [, step = ''] = /run: \|\n([^]*)$/.exec(jobs.get('ready') ?? '') ?? [];
    const script = step.replaceAll(/^ {10}/gm, '');
    const url = 'git+https://github.com/someone/evenhand.git';

    /** What the step says in a folder with these files, on the tag of a version. */
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

    it('with an address and the repository it is', () => {
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
      ['there is no repository', 'a@b.example', {}, 'v1.2.3', 'names the repository ""'],
      [
        'the repository is another',
        'a@b.example',
        { repository: 'x/y' },
        'v1.2.3',
        'not someone/evenhand',
      ],
      [
        'the tag is another version',
        'a@b.example',
        { repository: url },
        'v1.2.4',
        'v1.2.4 is not that of',
      ],
    ])('not where %s', (_, address, manifest, tag, said) => {
      const { status, output } = look(address, manifest, tag);
      expect(status).toBe(1);
      expect(output).toContain(said);
    });
  });
});

describe('SECURITY.md', () => {
  const security = read('SECURITY.md');

  it('says where to report, what is supported and what counts', () => {
    const headings = [...security.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 4)).toEqual([
      'Reporting',
      'Supported versions',
      'What is a vulnerability',
      'What is not',
    ]);
    expect(security).toMatch(/^Write to \*\*\S+@\S+\*\* /m);
  });

  it('leads to files that are there, and the README leads to it', () => {
    const links = [...security.matchAll(/\]\(([^)#:]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
    expect(read('README.md').match(/\]\(SECURITY\.md\)/g) ?? []).not.toEqual([]);
  });
});
