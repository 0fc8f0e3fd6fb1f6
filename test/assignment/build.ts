import type { Logger } from '../../src/runtime/logger.ts';

/** An audience as a specification has it: percent by variant, and its rule if it has one. */
export function audience(percents: Readonly<Record<string, number>>, rule?: string) {
  return {
    ...(rule === undefined ? {} : { rule }),
    allocations: Object.entries(percents).map(([variant, percent]) => ({ variant, percent })),
  };
}

/** The parts that a test sets; the others are as simple as possible. */
interface Parts {
  readonly name?: string;
  readonly identity?: string | readonly string[];
  readonly seed?: string;
  readonly variants?: readonly { name: string; value?: unknown }[];
  readonly audiences?: readonly ReturnType<typeof audience>[];
}

/** An experiment: by `user.id`, half of everybody has `a` and half has `b`. */
export function experiment({
  name = 'exp',
  identity = 'user.id',
  audiences = [audience({ a: 50, b: 50 })],
  variants,
  ...rest
}: Parts = {}) {
  const allocated = audiences.flatMap(({ allocations }) => allocations.map((a) => a.variant));
  return {
    name,
    identity,
    variants: variants ?? [...new Set(allocated)].map((variant) => ({ name: variant })),
    audiences,
    ...rest,
  };
}

/** A logger that keeps what it was given. */
export function recordingLogger(): Logger & { warnings: string[]; errors: string[] } {
  const warnings: string[] = [];
  const errors: string[] = [];
  return {
    warnings,
    errors,
    warn: (message) => void warnings.push(message),
    error: (message) => void errors.push(message),
  };
}

/** Draws that give these buckets one after another. */
export function drawing(...buckets: readonly number[]): () => number {
  const left = [...buckets];
  return () => ((left.shift() ?? Number.NaN) + 0.5) / 100;
}

/** Returns the value that a function throws; fails if it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}
