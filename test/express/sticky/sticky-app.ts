import type express5 from 'express';
import type { Express } from 'express';
import { bucketOf, type EvenhandOptions } from 'evenhand';
import type request from 'supertest';
import { nodeCrypto } from '../../../src/runtime/node-crypto.ts';
import { Lines, type TestApp, testApp } from '../harness.ts';

/** A secret of the sticky cookie. */
export const SECRET = 'a secret of the tests, long enough';

/** A sticky experiment in which `a` has so many percent, and `b` the rest. */
export function sticky(a: number, more: object = {}): object {
  return {
    name: 'exp',
    identity: 'anonymous',
    sticky: true,
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: [
      {
        allocations: [
          { variant: 'a', percent: a },
          { variant: 'b', percent: 100 - a },
        ],
      },
    ],
    ...more,
  };
}

/** The seeds of the tests. */
const SEEDS = ['exp', 'second', 'other', 'old', 'next', 'exp_0', 'exp_150', 'exp_299'];

/**
 * Gives new visitors known tracking keys. Their buckets are not the first and the last one, so that all of
 * them get a variant with 99 percent.
 */
export function withKnownKeys(): void {
  let next = 0;
  const key = (): Buffer => {
    for (;;) {
      const bytes = Buffer.from(String(next++).padStart(16, '0'));
      const buckets = SEEDS.map((seed) => bucketOf(bytes.toString('hex'), seed));
      if (Math.min(...buckets) > 0 && Math.max(...buckets) < 99) return bytes;
    }
  };
  beforeEach(() => {
    jest.spyOn(nodeCrypto(), 'randomBytes').mockImplementation(key);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
}

/** An application whose experiments can be replaced. */
export interface ChangingApp extends TestApp {
  readonly lines: Lines;
  /** Puts other experiments into force. */
  readonly change: (...experiments: object[]) => Promise<void>;
  /** The counts of sticky decisions, refused cookies and failed calls. */
  readonly counts: () => { decisions: number; refused: number; failures: number };
}

/** Creates such an application; the experiment is decided by `GET /variant/exp`. */
export function changingApp(
  express: typeof express5,
  experiments: readonly object[],
  options: EvenhandOptions,
  extend?: (app: Express) => void,
): ChangingApp {
  const source = { experiments };
  const lines = new Lines();
  const { app, middleware } = testApp(express, { source, logger: lines, ...options }, extend);
  const count = (name: string, kind?: string): number => {
    const metric = middleware.metrics().find((one) => one.name === name);
    return metric?.samples.find(({ labels }) => labels['kind'] === kind)?.value ?? Number.NaN;
  };
  return {
    app,
    middleware,
    lines,
    change: async (...others) => {
      source.experiments = others;
      await middleware.reload();
    },
    counts: () => ({
      decisions: count('evenhand.decision.sticky'),
      refused: count('evenhand.sticky.problems', 'cookie'),
      failures: count('evenhand.sticky.problems', 'store'),
    }),
  };
}

/** Returns the lines of `Set-Cookie`. */
export function setCookies(response: request.Response): string[] {
  return (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
}

/** Returns the cookies that a response sets, as a request sends them. */
export function cookiesOf(response: request.Response): string {
  return setCookies(response)
    .map((line) => line.split(';', 1)[0] ?? '')
    .join('; ');
}

/** Returns the value of the sticky cookie that a response sets. */
export function stickyOf(response: request.Response): string | undefined {
  const line = setCookies(response).find((one) => one.startsWith('__cwst='));
  return line?.slice('__cwst='.length).split(';', 1)[0];
}
