import * as fc from 'fast-check';
import { audience, experiment } from '../../../assignment/build.ts';
import type { Tally } from '../../../../src/workbench/simulate/count/tally.ts';
import { simulated } from '../simulated.ts';
import { runs } from '../../../runs.ts';

const SPECS = [
  experiment({
    name: 'one',
    audiences: [audience({ a: 10, b: 90 }, 'user.id % 2 == 0'), audience({ a: 50, b: 50 })],
  }),
  experiment({ name: 'two', identity: 'anonymous', audiences: [audience({ x: 33, y: 67 })] }),
  experiment({ name: 'drawn', identity: 'random' }),
  experiment({
    name: 'failing',
    audiences: [audience({ a: 100 }, 'user.id < 30 or country == "DE"'), audience({ a: 1, b: 99 })],
  }),
];

describe('mergeTallies', () => {
  it('does not depend on how generated units were split', async () => {
    const numbers = {
      units: fc.integer({ min: 1, max: runs(3000) }),
      parts: fc.integer({ min: 2, max: 7 }),
    };
    await fc.assert(
      fc.asyncProperty(numbers.units, numbers.parts, async (units, parts) => {
        const whole = await simulated(SPECS, { units, preview: 40 });
        const split = await simulated(SPECS, { units, preview: 40, parts });
        expect(split.tally).toEqual(whole.tally);
        expect(split.summary).toEqual(whole.summary);
      }),
      { numRuns: runs(20) },
    );
  });

  it('does not depend on how the lines of a file were split', async () => {
    const line = fc.oneof(
      fc.record({ user: fc.record({ id: fc.nat(50) }) }).map((row) => JSON.stringify(row)),
      fc.constantFrom('', '{', '[1]', '{}', '{"user": {"id": null}}'),
    );
    const parts = fc.integer({ min: 2, max: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60 }), parts, async (lines, of) => {
        const chunks = [lines.join('\n')];
        const whole = await simulated(SPECS, { chunks, preview: 5 });
        const split = await simulated(SPECS, { chunks, preview: 5, parts: of });
        expect({ ...split.tally, repeats: [] }).toEqual({ ...whole.tally, repeats: [] });
        const bytes = ({ repeats }: Tally) => repeats.map((slots) => Buffer.from(slots.buffer));
        expect(Buffer.concat(bytes(split.tally)).equals(Buffer.concat(bytes(whole.tally)))).toBe(
          true,
        );
        expect(split.summary).toEqual(whole.summary);
      }),
      { numRuns: runs(40) },
    );
  });
});
