import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };

const ROOT = join(__dirname, '../../..');

/** The part of `npm pack --json`'s output that is used here. */
interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** The package as npm installs it, in a temporary folder with its dependencies and no other package. */
export class InstalledPackage {
  readonly folder: string;
  /** The paths of all files, relative to the package's root, with slashes. */
  readonly files: readonly string[];
  /** The unpacked size in bytes. */
  readonly size: number;

  constructor() {
    if (!existsSync(join(ROOT, 'dist/esm/index.js'))) {
      throw new Error('the package has not been built: run "npm run build" first');
    }
    this.folder = mkdtempSync(join(tmpdir(), 'evenhand-package-'));
    // The script "prepare" would rebuild dist while other tests read it.
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.folder];
    const options = { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' } as const;
    const told = execFileSync('npm', args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
    const [packed] = JSON.parse(told) as [Packed];
    this.files = packed.files.map(({ path }) => path);
    this.size = packed.unpackedSize;
    const modules = join(this.folder, 'node_modules');
    const target = join(modules, packageJson.name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', packed.filename, '-C', target, '--strip-components=1'], {
      cwd: this.folder,
    });
    for (const dependency of Object.keys(packageJson.dependencies)) {
      const link = join(modules, dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', dependency), link, 'junction');
    }
  }

  /** Returns the absolute path of one of the package's files. */
  path(file: string): string {
    return join(this.folder, 'node_modules', packageJson.name, file);
  }

  /** Installs a second copy under another name. */
  copyAs(name: string): void {
    cpSync(this.path(''), join(this.folder, 'node_modules', name), { recursive: true });
  }

  /** Runs a program beside the package; returns the JSON it prints, or its status and output if it fails. */
  run(name: string, program: string, flags: readonly string[] = []): unknown {
    writeFileSync(join(this.folder, name), program);
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, name], {
      cwd: this.folder,
      encoding: 'utf8',
      env: {},
    });
    return status === 0 && stderr === '' ? JSON.parse(stdout) : { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
