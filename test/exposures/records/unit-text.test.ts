import { createHmac } from 'node:crypto';
import { unitKey } from '../../../src/exposures/deduplication/seen-units.ts';
import { cutText } from '../../../src/exposures/records/context-values.ts';
import { isCut, MAX_UNIT_LENGTH, unitText } from '../../../src/exposures/records/recorder.ts';

const LONG = 'x'.repeat(1_000_000);

/** The recorded text of a unit, and whether it was cut. */
const recorded = (unit: string, secret?: string) => [unitText(unit, secret), isCut(unit, secret)];

describe('unitText', () => {
  it('is the unit itself', () => {
    expect(recorded('ada')).toEqual(['ada', false]);
  });

  it('cuts a unit of a million characters', () => {
    expect(recorded(LONG)).toEqual(['x'.repeat(MAX_UNIT_LENGTH), true]);
    const exact = 'y'.repeat(MAX_UNIT_LENGTH);
    expect(recorded(exact)).toEqual([exact, false]);
  });

  it('is the HMAC-SHA-256 of the whole unit if there is a secret', () => {
    const secret = 'a secret of some length';
    const expected = createHmac('sha256', secret).update('ada').digest('hex');
    expect(recorded('ada', secret)).toEqual([expected, false]);
    expect(isCut(LONG, secret)).toBe(false);
    expect(unitText(LONG, secret)).not.toBe(unitText(`${LONG}x`, secret));
  });
});

describe('cutText', () => {
  it('does not split a surrogate pair', () => {
    expect(cutText('ab🦉', 3)).toBe('ab');
    expect(cutText('ab🦉c', 4)).toBe('ab🦉');
  });
});

describe('unitKey', () => {
  it('is the unit itself if it is short', () => {
    expect(unitKey('ada')).toBe('ada');
  });

  it('is short and different for each unit', () => {
    const units = [LONG, `${LONG}x`, 'y'.repeat(129), '\u0000', unitKey(LONG)];
    const keys = units.map(unitKey);
    expect(new Set([...keys, ...units]).size).toBe(9);
    expect(keys.every((key) => key.length < 128)).toBe(true);
  });
});
