import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedLines, markedLines, withoutMarks } from './types/marked-errors.ts';

const ROOT = join(__dirname, '../..');
const TYPES = join(__dirname, './types');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const code = readFileSync(join(TYPES, 'consumer.ts'), 'utf8');

/** Compiles code in a temporary folder where Evenhand and the types of Express are installed. */
function compile(type: 'module' | 'commonjs', consumer: string) {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-types-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/evenhand'), 'junction');
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    copyFileSync(join(TYPES, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    writeFileSync(join(folder, 'consumer.ts'), consumer);
    const { stdout } = spawnSync(process.execPath, [TSC, '-p', '.', '--listFiles'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const lines = stdout.split('\n');
    return {
      errors: lines.filter((line) => line.includes('error TS')),
      files: lines.filter((line) => line.endsWith('.d.ts')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

beforeAll(() => {
  if (!existsSync(join(ROOT, 'dist/esm/index.d.ts'))) {
    throw new Error('the package has not been built: run "npm run build" first');
  }
});

describe.each([
  ['module', 'dist/esm'],
  ['commonjs', 'dist/cjs'],
] as const)('the types, in an application of type %s', (type, dist) => {
  it('accept every documented use and reject every line marked @ts-expect-error', () => {
    const marked = markedLines(code);
    expect(marked.length).toBeGreaterThan(30);
    const { errors, files } = compile(type, withoutMarks(code));
    expect(failedLines(errors, 'consumer.ts')).toEqual(marked);
    // The compiler read the build for this type of application.
    for (const entry of [
      'index',
      'planout/index',
      'views/index',
      'testing/index',
      'analysis/index',
      'toolbar/index',
      'dashboard/index',
    ]) {
      expect(files).toContainEqual(expect.stringContaining(`${dist}/${entry}.d.ts`));
    }
  });
});

describe('the types', () => {
  it('extend Express’s request in programs that import the package', () => {
    const ask = `import type { Request } from 'express';
      export const ask = (req: Request): boolean => req.isVariant('button', 'bold');\n`;
    expect(compile('module', ask).errors).toEqual([
      expect.stringContaining("Property 'isVariant' does not exist"),
    ]);
    expect(compile('commonjs', `import type {} from 'evenhand';\n${ask}`).errors).toEqual([]);
  });
});
