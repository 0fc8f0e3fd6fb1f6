import { Readable } from 'node:stream';
import { readTextOf } from '../../../src/sources/file/file-questions.ts';
import { readPipeNow } from '../../../src/sources/file/read-pipe.ts';

// Each reads up to the limit first; test/bounds/endless-files.test.ts has one such file for every run.
describe('reading a text that never ends', () => {
  const TOO_MUCH = 'it is larger than 256 MiB';

  it('stops at the limit of a pipe', () => {
    expect(() => readPipeNow('/dev/zero')).toThrow(TOO_MUCH);
  });

  it('stops at the limit of a stream', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(2 ** 20);
      })(),
    );
    await expect(readTextOf(endless)).rejects.toThrow(TOO_MUCH);
  });
});
