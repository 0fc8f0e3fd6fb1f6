import * as fc from 'fast-check';
import { MAX_LINE_BYTES, readLines } from '../../../../src/workbench/simulate/input/read-lines.ts';

async function linesOf(
  chunks: readonly (string | Uint8Array)[],
  isMine: (index: number) => boolean = () => true,
) {
  const lines: [number, string | undefined][] = [];
  async function* stream() {
    yield* chunks;
  }
  for await (const { index, bytes } of readLines(stream(), isMine)) {
    lines.push([index, bytes?.toString()]);
  }
  return lines;
}

describe('readLines', () => {
  it('finds the same lines for any chunks', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '\n', '', '{"b": 1}', '😀'))
      .map((s) => s.join(''));
    const cuts = fc.array(fc.nat(30));
    await fc.assert(
      fc.asyncProperty(text, cuts, async (all, places) => {
        const bytes = Buffer.from(all);
        const ends = [...places, bytes.length]
          .map((n) => Math.min(n, bytes.length))
          .sort((a, b) => a - b);
        const chunks = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
        const lines = all.split('\n').map((line, i) => [i, line]);
        if (all === '' || all.endsWith('\n')) lines.pop();
        expect(await linesOf(chunks)).toEqual(lines);
      }),
    );
  });

  it('returns only the thread’s own lines, with their numbers in the file', async () => {
    expect(await linesOf(['a\nb\nc\n', 'd\ne'], (index) => index % 2 === 1)).toEqual([
      [1, 'b'],
      [3, 'd'],
    ]);
  });

  it('returns no bytes of a line that is too long and continues after it', async () => {
    const long = 'x'.repeat(MAX_LINE_BYTES / 2);
    const lines = await linesOf(['a\n', long, long, 'y', '\nb\n', long, long]);
    expect(lines.map(([index, text]) => [index, text?.length])).toEqual([
      [0, 1],
      [1, undefined],
      [2, 1],
      [3, MAX_LINE_BYTES],
    ]);
  });
});
