import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** Compiles files in a temporary folder with the package installed; returns the errors. */
export function compile(
  type: 'module' | 'commonjs',
  files: Readonly<Record<string, string>>,
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-typed-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/evenhand'), 'junction');
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    cpSync(join(ROOT, 'test/house/types/tsconfig.json'), join(folder, 'tsconfig.base.json'));
    const config = { extends: './tsconfig.base.json', files: Object.keys(files) };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { stdout } = spawnSync(process.execPath, [TSC, '-p', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout.split('\n').filter((line) => line.includes('error TS'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
