import * as fc from 'fast-check';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { encodeLines, encodeRecord } from '../../../src/exposures/sinks/json-lines.ts';
import { exposures } from './records.ts';

const recordWith = (context: object): EventRecord =>
  ({ ...exposures(1)[0], context }) as unknown as EventRecord;

describe('encodeLines', () => {
  it('returns a line for each record, with a line break at its end', () => {
    const batch = exposures(2);
    expect(encodeLines(batch)).toBe(`${JSON.stringify(batch[0])}\n${JSON.stringify(batch[1])}\n`);
    expect(encodeLines([])).toBe('');
  });

  it('returns one line for any content of a record', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (context) => {
        const record = recordWith(context);
        const text = encodeLines([record]);
        expect(text.indexOf('\n')).toBe(text.length - 1);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });
});

describe('encodeRecord', () => {
  it("writes null for an attribute that can't be JSON, and keeps the rest", () => {
    const cyclic: Record<string, unknown> = { deep: {} };
    cyclic['self'] = cyclic;
    const hostile = {
      toJSON() {
        throw new Error('no');
      },
    };
    const record = recordWith({ plan: 'pro', cyclic, hostile, call: () => 1, list: [1, 'a'] });
    expect(JSON.parse(encodeRecord(record))).toEqual({
      ...record,
      context: { plan: 'pro', cyclic: null, hostile: null, call: null, list: [1, 'a'] },
    });
  });

  it('writes big integers as strings', () => {
    const record = recordWith({ account: 2n ** 64n, nested: { id: 7n } });
    expect(JSON.parse(encodeRecord(record))).toMatchObject({
      context: { account: '18446744073709551616', nested: { id: '7' } },
    });
  });

  it('handles the properties of outcomes in the same way', () => {
    const outcome = { version: 1, event: 'outcome', properties: { value: 1n } };
    expect(JSON.parse(encodeRecord(outcome as unknown as EventRecord))).toEqual({
      ...outcome,
      properties: { value: '1' },
    });
  });
});
