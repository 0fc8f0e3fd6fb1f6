import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createWasmHash, type WasmHash } from '../../src/hash/wasm.ts';
import { oracle } from './rapidhash-oracle.ts';
import { runs } from '../runs.ts';
import { anyText } from '../generators/any-text.ts';

const root = join(__dirname, '../..');

function create(): WasmHash {
  const wasm = createWasmHash();
  if (wasm === undefined) throw new Error('Node has WebAssembly');
  return wasm;
}

function refuse(): never {
  throw new Error('Wasm code generation disallowed by embedder');
}

describe('createWasmHash', () => {
  it('hashes like the reference, whatever bytes follow the text', () => {
    const wasm = create();
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        const bytes = new TextEncoder().encode(text);
        wasm.memory.fill(0xa5);
        wasm.memory.set(bytes);
        expect(BigInt.asUintN(64, wasm.hash(bytes.length))).toBe(oracle(text));
        expect(wasm.bucket(bytes.length)).toBe(Number(oracle(text) % 100n));
        const fine = (oracle(text) % 100n) * 100n + ((oracle(text) / 100n) % 100n);
        expect(wasm.fineBucket(bytes.length)).toBe(Number(fine));
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each([
    ['WebAssembly is missing', undefined],
    [
      'it is not allowed',
      {
        Module: class {
          readonly kind = 'module';
        },
        Instance: class {
          readonly exports = refuse();
        },
      },
    ],
  ])('returns undefined if %s', (_reason, WebAssembly) => {
    expect(createWasmHash(WebAssembly === undefined ? {} : { WebAssembly })).toBeUndefined();
  });

  it('is compiled from rapidhash.wat', () => {
    const script = join(root, 'scripts/generate-wasm.mjs');
    const generated = execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' });
    const path = join(root, 'src/hash/rapidhash-wasm.generated.ts');
    expect(readFileSync(path, 'utf8')).toBe(generated);
  });
});
