import { RAPIDHASH_WASM } from './rapidhash-wasm.generated.ts';

/** The hash in WebAssembly: about twice as fast as in TypeScript, which has no 64-bit numbers. */
export interface WasmHash {
  /** The module's memory; the text's bytes go to its beginning before a call. */
  readonly memory: Uint8Array;
  /** rapidhash of the first `length` bytes: 64 bits, as a signed number. */
  readonly hash: (length: number) => bigint;
  /** rapidhash of the first `length` bytes modulo 100. */
  readonly bucket: (length: number) => number;
}

/** What is used of the global `WebAssembly`; Node's types leave it to the browser's. */
interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => {
    exports: Pick<WasmHash, 'hash' | 'bucket'> & { memory: { buffer: ArrayBuffer } };
  };
}

/**
 * Makes an instance of the module. It is small enough to be compiled at once.
 *
 * @returns undefined where there is no WebAssembly, or it is not allowed, or there is no memory to
 *   be had; the hash in TypeScript gives the same
 */
export function createWasmHash(
  { WebAssembly }: { WebAssembly?: WebAssemblyLike } = globalThis as object,
): WasmHash | undefined {
  if (WebAssembly === undefined) return undefined;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(RAPIDHASH_WASM));
    const { memory, hash, bucket } = new WebAssembly.Instance(module).exports;
    return { memory: new Uint8Array(memory.buffer), hash, bucket };
  } catch {
    return undefined;
  }
}

/** The instance of this process. */
export const wasmHash = createWasmHash();
