import type { Response } from 'express';
import * as fc from 'fast-check';
import { isUtf16, kindOfBody, MAX_START } from '../../../src/toolbar/inject/body-kind.ts';
import { versions } from '../../express/harness.ts';
import { runs } from '../../runs.ts';
import { InjectedApp, MARKUP, NAVIGATION, PLAIN, SCRIPT } from './injected-app.ts';
import { type WireResponse, valueOf } from './wire.ts';

/** A step of a handler. */
type Step =
  | { readonly write: string; readonly encoding: BufferEncoding }
  | { readonly bytes: Uint8Array }
  | 'wait'
  | 'flush';

/** A response of a handler. */
interface Plan {
  readonly steps: readonly Step[];
  readonly type: string;
  /** The handler's way to set its headers. */
  readonly by: 'setHeader' | 'writeHead' | 'writeHead with a list';
  readonly withLength: boolean;
  /** True if the last step is passed to `end()`. */
  readonly atOnce: boolean;
}

const text = fc.oneof(
  fc.constantFrom(
    ...'<!doctype html>|<!doc|type html>|<html|>|</bo|dy>|</body></html>|<!--|-->'.split('|'),
    ...' |\n||<p>|\u00fc|\ud83d\ude00|\ufeff|<plaintext>|\0'.split('|'),
  ),
  fc.string({ maxLength: 20 }),
  fc.constant('x'.repeat(20_000)),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: text, encoding: fc.constantFrom('utf8', 'latin1') }) },
  { weight: 1, arbitrary: text.map((write) => ({ write, encoding: 'utf16le' as const })) },
  { weight: 1, arbitrary: text.map((one) => ({ write: toHex(one), encoding: 'hex' as const })) },
  { weight: 3, arbitrary: text.map((one) => ({ bytes: new Uint8Array(Buffer.from(one)) })) },
  { weight: 1, arbitrary: fc.constant('wait' as const) },
  { weight: 1, arbitrary: fc.constant('flush' as const) },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(step, { maxLength: 8 }),
  type: fc.constantFrom('text/html', 'text/html; charset=iso-8859-1', 'text/plain'),
  by: fc.constantFrom('setHeader', 'writeHead', 'writeHead with a list'),
  withLength: fc.boolean(),
  atOnce: fc.boolean(),
});

function toHex(one: string): string {
  return Buffer.from(one).toString('hex');
}

function bytesOf(one: Step): Buffer {
  if (typeof one === 'string') return Buffer.alloc(0);
  return 'bytes' in one ? Buffer.from(one.bytes) : Buffer.from(one.write, one.encoding);
}

function bodyOf({ steps }: Plan): Buffer {
  return Buffer.concat(steps.map(bytesOf));
}

/** Returns true or false if the response must be extended or not; undefined if it depends on the time. */
function isPage(given: Plan, isNavigation: boolean): boolean | undefined {
  const body = bodyOf(given).toString('latin1');
  const first = given.steps.findIndex((one) => bytesOf(one).length > 0);
  const before = given.steps.slice(0, first === -1 ? undefined : first);
  if (!given.type.startsWith('text/html')) return false;
  if (isUtf16(body)) return before.includes('flush') ? undefined : false;
  if (isNavigation) return true;
  if (kindOfBody(body.slice(0, MAX_START)) !== 'document') return false;
  return given.steps.some((one) => one === 'wait' || one === 'flush') ? undefined : true;
}

async function follow(given: Plan, res: Response): Promise<void> {
  const { steps, type, by, withLength, atOnce } = given;
  const headers: Record<string, string> = { 'Content-Type': type, ETag: '"tag"' };
  if (withLength) headers['Content-Length'] = String(bodyOf(given).length);
  if (by === 'setHeader')
    for (const [name, one] of Object.entries(headers)) res.setHeader(name, one);
  else if (by === 'writeHead') res.writeHead(200, 'Fine', headers);
  else res.writeHead(200, Object.entries(headers).flat());
  const last = atOnce ? steps.at(-1) : undefined;
  for (const one of last === undefined ? steps : steps.slice(0, -1)) {
    if (one === 'wait') await new Promise((resolve) => setImmediate(resolve));
    else if (one === 'flush') res.flushHeaders();
    else if ('bytes' in one) res.write(one.bytes);
    else res.write(one.write, one.encoding);
  }
  if (last === undefined || typeof last === 'string') res.end();
  else if ('bytes' in last) res.end(last.bytes);
  else res.end(last.write, last.encoding);
}

describe.each(versions)('the bytes of a page on Express $version', ({ express }) => {
  let now: Plan;
  let failed: unknown;
  const app = () =>
    new InjectedApp(express, {
      send: (_req, res) => {
        follow(now, res).catch((error: unknown) => {
          failed = error;
          res.destroy();
        });
      },
    });

  /** Checks the header of a page or of a response that is not extended. */
  function checkHeader(response: WireResponse, isExtended: boolean): void {
    const control = valueOf(response, 'cache-control');
    expect([control, valueOf(response, 'etag')]).toEqual(
      isExtended ? ['private, no-store', undefined] : [undefined, '"tag"'],
    );
  }

  it('are the same with and without the toolbar, in any parts and encodings', async () => {
    const mounted = app();
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.constantFrom(NAVIGATION, SCRIPT, PLAIN),
        fc.constantFrom('1.0' as const, '1.1' as const),
        async (given, headers, version) => {
          now = given;
          failed = undefined;
          const asking = { headers, version };
          // The second response shows that the first one ended where its header says.
          const [response, second] = await mounted.askAll(
            version === '1.1' ? [asking, asking] : [asking],
          );
          const [without] = await mounted.askAll([asking], false);
          expect(failed).toBeUndefined();
          if (!response || !without) throw new Error('no response');
          const page = without.body.toString('latin1');
          expect(page).toBe(bodyOf(given).toString('latin1'));
          const body = response.body.toString('latin1');
          const isExtended = isPage(given, headers === NAVIGATION) ?? body !== page;
          expect(body).toBe(isExtended ? page + MARKUP : page);
          checkHeader(response, isExtended);
          expect((second ?? response).body.toString('latin1')).toBe(body);
        },
      ),
      { numRuns: runs(1500) },
    );
  });
});
