import { ConflictError } from '../../src/errors/store-errors.ts';

describe('ConflictError', () => {
  const changedAt = new Date('2026-11-23T09:30:00Z');

  it('says which revision is stored, and what to do', () => {
    expect(new ConflictError('redis:a', 1, 2).message).toBe(
      'redis:a: revision 2 is stored, but revision 1 was expected; reload and apply your change to the current revision',
    );
  });

  it('says who made the stored version, and when', () => {
    const found = { numbered: 'version', changedBy: 'bob', changedAt } as const;
    expect(new ConflictError('namespace "a"', 1, 2, found).message).toMatch(
      /^namespace "a": version 2 by bob is stored since 2026-11-23T09:30:00.000Z, but version 1 was expected;/,
    );
  });

  it('says that nothing is stored, or that nothing was expected', () => {
    expect(new ConflictError('redis:a', 1, undefined).message).toBe(
      'redis:a: nothing is stored, but revision 1 was expected; create it again with your change',
    );
    expect(new ConflictError('redis:a', undefined, 2).message).toMatch(
      /^redis:a: revision 2 is stored, but nothing was expected;/,
    );
  });

  it('escapes line breaks in the name of the author', () => {
    const { message } = new ConflictError('redis:a', 1, 2, { changedBy: 'bob\nroot: all is well' });
    expect(message).toContain(String.raw`by bob\u000aroot`);
    expect(message).not.toContain('\n');
  });
});
