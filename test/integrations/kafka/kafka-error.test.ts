import { readFailure } from '../../../src/integrations/kafka/kafka-error.ts';

describe('readFailure', () => {
  it('reads an error that contains itself once', () => {
    const error: Error & { errors?: unknown[] } = new Error('Producing failed.');
    error.errors = [error, new Error('The connection was lost.', { cause: error })];
    expect(readFailure(error).reason).toBe('Producing failed: The connection was lost');
  });

  it('reads a bounded part of an error with endless causes', () => {
    let reads = 0;
    const endless = (): object => ({
      message: 'again',
      get cause() {
        reads++;
        return endless();
      },
    });
    expect(readFailure(endless())).toEqual({ reason: 'again', isTooLarge: false });
    expect(reads).toBeLessThan(200);
  });

  it.each([
    ['text', 'broken'],
    ['null', null],
    [
      'a Proxy that refuses everything',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
          has: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['an error with other errors', { message: 'x', errors: 'none', cause: 5 }],
  ])('reads %s', (_what, thrown) => {
    expect(readFailure(thrown)).toMatchObject({ isTooLarge: false });
  });
});
