// Builds dist/esm and dist/cjs with tsc alone: one file in, one file out, so that no state is
// duplicated between entry points.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);
const run = (...args) =>
  execFileSync(process.execPath, [tsc, '-p', 'src', ...args], { cwd: root, stdio: 'inherit' });

rmSync(join(root, 'dist'), { recursive: true, force: true });
run();
run(
  '--module',
  'commonjs',
  '--moduleResolution',
  'bundler',
  '--verbatimModuleSyntax',
  'false',
  '--outDir',
  'dist/cjs',
);
writeFileSync(join(root, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
