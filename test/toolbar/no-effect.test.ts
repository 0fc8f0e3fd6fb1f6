import * as fc from 'fast-check';
import { versions } from '../express/harness.ts';
import { requests, shops } from '../express/inspection/generated-shop.ts';
import { SEED } from '../seed.ts';
import { type TracedResponse, traceRun } from './traces.ts';

/** Only the clock stands still. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe.each(versions)('looking at requests on Express $version', ({ express }) => {
  beforeEach(() => {
    // Cookies and rules show the time.
    jest.useFakeTimers({ now: new Date('2026-06-01T12:00:00Z'), doNotFake: [...REAL] });
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('changes no response, record, draw, key, call of the application, log or count', async () => {
    await fc.assert(
      fc.asyncProperty(shops, requests, async (shop, sent) => {
        const plain = await traceRun(express, shop, sent, 'no');
        expect(await traceRun(express, shop, sent, 'view')).toEqual(plain);
      }),
      { seed: SEED, numRuns: 25, endOnFailure: true },
    );
  });

  it('changes in the toolbar only the end of the page, and headers about its length and cache', async () => {
    await fc.assert(
      fc.asyncProperty(shops, requests, async (shop, sent) => {
        const [plain, shown] = [
          await traceRun(express, { ...shop, production: false }, sent, 'no'),
          await traceRun(express, { ...shop, production: false }, sent, 'toolbar'),
        ];
        expect(shown).toEqual({ ...plain, responses: expect.anything() });
        const pages = shown.responses.filter(({ body }) => body !== '');
        expect(pages.every(({ body }) => body.includes('<evenhand-toolbar'))).toBe(true);
        const cut = shown.responses.map(({ body, ...rest }, i) => ({
          ...rest,
          body: body.slice(0, plain.responses[i]?.body.length),
        }));
        expect(cut.map(comparable)).toEqual(plain.responses.map(comparable));
      }),
      { seed: SEED, numRuns: 15, endOnFailure: true },
    );
  });
});

/** Returns a response without the headers that the toolbar changes. */
function comparable({ headers, ...rest }: TracedResponse): unknown {
  const kept = Object.entries(headers).filter(([name]) => !CHANGED.has(name));
  return { ...rest, headers: Object.fromEntries(kept) };
}

const CHANGED: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'etag',
  'cache-control',
  'server-timing',
]);
