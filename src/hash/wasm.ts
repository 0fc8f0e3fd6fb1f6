import { RAPIDHASH_WASM } from './rapidhash-wasm.generated.ts';

/**
 * The hash in WebAssembly. It is about twice as fast as in TypeScript, which has no 64-bit numbers.
 */
export interface WasmHash {
  /** The module's memory. Before a call, the text's bytes are written to its beginning. */
  readonly memory: Uint8Array;
  /** Returns the rapidhash of the first `length` bytes: 64 bits, as a signed number. */
  readonly hash: (length: number) => bigint;
  /** Returns the rapidhash of the first `length` bytes modulo 100. */
  readonly bucket: (length: number) => number;
  /** Returns the bucket of 10,000 of the first `length` bytes; see `FINE_BUCKETS`. */
  readonly fineBucket: (length: number) => number;
}

/**
 * The members of the global `WebAssembly` that are used. Node's types leave them to the browser's.
 */
interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => {
    exports: Omit<WasmHash, 'memory'> & { memory: { buffer: ArrayBuffer } };
  };
}

/**
 * Creates an instance of the module. The module is small enough to be compiled synchronously.
 *
 * @returns undefined if WebAssembly is missing or not allowed, or memory runs out; the hash in
 *   TypeScript gives the same results
 */
export function createWasmHash(
  { WebAssembly }: { WebAssembly?: WebAssemblyLike } = globalThis as object,
): WasmHash | undefined {
  if (WebAssembly === undefined) return undefined;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(RAPIDHASH_WASM));
    const { memory, hash, bucket, fineBucket } = new WebAssembly.Instance(module).exports;
    return { memory: new Uint8Array(memory.buffer), hash, bucket, fineBucket };
  } catch {
    return undefined;
  }
}

/** The instance that this process uses. */
export const wasmHash = createWasmHash();
