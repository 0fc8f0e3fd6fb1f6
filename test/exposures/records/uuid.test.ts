import { UuidSequence } from '../../../src/exposures/records/uuid.ts';

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const NOW = Date.UTC(2027, 0, 31, 12);

/** The time an id tells. */
function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

function isAscending(ids: readonly string[]): boolean {
  return ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? ''));
}

describe('UuidSequence', () => {
  it('generates UUIDs of version 7 that begin with the time', () => {
    const id = new UuidSequence().next(NOW);
    expect(id).toMatch(FORM);
    expect(timeOf(id)).toBe(NOW);
  });

  it('has the bits of RFC 9562 where they belong', () => {
    const ones = new UuidSequence((bytes) => bytes.fill(0xff));
    expect(ones.next(2 ** 48 - 1)).toBe('ffffffff-ffff-77ff-bfff-ffffffffffff');
    const zeros = new UuidSequence((bytes) => bytes.fill(0));
    expect(zeros.next(0)).toBe('00000000-0000-7000-8000-000000000000');
    expect(zeros.next(0)).toBe('00000000-0000-7000-8000-040000000000');
  });

  it('ascends within a millisecond, for any number of ids', () => {
    const sequence = new UuidSequence();
    const ids = Array.from({ length: 100_000 }, () => sequence.next(NOW));
    expect(isAscending(ids)).toBe(true);
    expect(ids.every((id) => FORM.test(id) && timeOf(id) === NOW)).toBe(true);
  });

  it('ascends when the clock jumps back, and follows it again when it has caught up', () => {
    const sequence = new UuidSequence();
    const clock = [NOW, NOW + 1, NOW - 3_600_000, NOW - 3_599_999, NOW + 1, NOW + 2];
    const ids = clock.map((now) => sequence.next(now));
    expect(isAscending(ids)).toBe(true);
    expect(ids.map((id) => timeOf(id) - NOW)).toEqual([0, 1, 1, 1, 1, 2]);
  });

  it('advances the time by a millisecond when the counter overflows', () => {
    const sequence = new UuidSequence((bytes) => bytes.fill(0xff));
    const first = sequence.next(NOW);
    Object.assign(sequence, { counter: 2 ** 32 - 2 });
    const ids = [first, sequence.next(NOW), sequence.next(NOW), sequence.next(NOW)];
    expect(isAscending(ids)).toBe(true);
    expect(ids.map((id) => timeOf(id) - NOW)).toEqual([0, 0, 1, 1]);
  });

  it('is different in each process', () => {
    expect(new UuidSequence().next(NOW)).not.toBe(new UuidSequence().next(NOW));
  });
});
