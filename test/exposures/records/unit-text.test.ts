import { createHmac } from 'node:crypto';
import {
  cutText,
  MAX_UNIT_LENGTH,
  unitKey,
  UnitText,
} from '../../../src/exposures/records/unit-text.ts';

const LONG = 'x'.repeat(1_000_000);

describe('UnitText', () => {
  it('records units as they are', () => {
    const plain = new UnitText(undefined);
    expect([plain.of('ada'), plain.cuts('ada')]).toEqual(['ada', false]);
  });

  it('cuts a unit of a million characters, and says so', () => {
    const plain = new UnitText(undefined);
    expect(plain.of(LONG)).toBe('x'.repeat(MAX_UNIT_LENGTH));
    expect(plain.cuts(LONG)).toBe(true);
    const exact = 'y'.repeat(MAX_UNIT_LENGTH);
    expect([plain.of(exact), plain.cuts(exact)]).toEqual([exact, false]);
  });

  it('records the HMAC-SHA-256 of a unit where there is a secret, of all of it', () => {
    const secret = 'a secret of some length';
    const hashed = new UnitText(secret);
    const expected = createHmac('sha256', secret).update('ada').digest('hex');
    expect([hashed.of('ada'), hashed.cuts('ada')]).toEqual([expected, false]);
    expect(hashed.cuts(LONG)).toBe(false);
    expect(hashed.of(LONG)).not.toBe(hashed.of(`${LONG}x`));
  });
});

describe('cutText', () => {
  it('leaves no half character', () => {
    expect(cutText('ab🦉', 3)).toBe('ab');
    expect(cutText('ab🦉c', 4)).toBe('ab🦉');
  });
});

describe('unitKey', () => {
  it('is the unit itself where that is short', () => {
    expect(unitKey('ada')).toBe('ada');
  });

  it('is short for every unit, and another one for each', () => {
    const units = [LONG, `${LONG}x`, 'y'.repeat(129), '\u0000', unitKey(LONG)];
    const keys = units.map(unitKey);
    expect(new Set([...keys, ...units]).size).toBe(9);
    expect(keys.every((key) => key.length < 128)).toBe(true);
  });
});
