import vm from 'node:vm';
import type { Request } from 'express';
import { readCookie } from '../../../src/express/cookies/read-cookies.ts';

/** Calls a function and ends it if it takes as many steps as the square of its text's length. */
function withinBound(read: () => unknown): unknown {
  return vm.runInNewContext('read()', { read }, { timeout: 3000 });
}

describe('readCookie', () => {
  it.each([
    ['ASCII', 'x'],
    ['UTF-8', 'ä'],
  ])('reads a header of %s full of spaces without trying each space anew', (_what, end) => {
    const spaces = ' '.repeat(200_000);
    const sent = `a${spaces}${end}=1; key${spaces}=${spaces}b${spaces}${end}${spaces}`;
    const headers = { cookie: Buffer.from(sent).toString('latin1') };
    const value = withinBound(() => readCookie({ headers } as Request, 'key'));
    expect(value === `b${spaces}${end}`).toBe(true);
  });
});
