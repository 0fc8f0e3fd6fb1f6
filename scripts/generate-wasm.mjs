// Writes src/hash/rapidhash-wasm.generated.ts from src/hash/rapidhash.wat. With --print, prints the file
// instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const path = (name) => fileURLToPath(new URL(`../src/hash/${name}`, import.meta.url));

const source = readFileSync(path('rapidhash.wat'), 'utf8');
const { buffer } = (await wabt()).parseWat('rapidhash.wat', source).toBinary({});

const LINE = 20;
const lines = [];
for (let i = 0; i < buffer.length; i += LINE) {
  lines.push(`  ${buffer.slice(i, i + LINE).join(', ')},`);
}
const text = `// Generated from rapidhash.wat by scripts/generate-wasm.mjs; do not edit.

/** The WebAssembly module of rapidhash.wat. */
export const RAPIDHASH_WASM: readonly number[] = [
${lines.join('\n')}
];
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path('rapidhash-wasm.generated.ts'), text);
