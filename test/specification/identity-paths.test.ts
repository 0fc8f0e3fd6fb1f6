import {
  identityLabel,
  identityPaths,
  isSameIdentity,
} from '../../src/specification/identity-paths.ts';

describe('identityPaths', () => {
  it('returns the path, or the paths of a list', () => {
    expect(identityPaths('user.id')).toEqual(['user.id']);
    expect(identityPaths(['user.id', 'anonymous'])).toEqual(['user.id', 'anonymous']);
  });
});

describe('identityLabel', () => {
  it('names the path, or the paths of a list in their order', () => {
    expect(identityLabel('user.id')).toBe('user.id');
    expect(identityLabel(['a', 'b.c', 'anonymous'])).toBe('a or b.c or anonymous');
  });
});

describe('isSameIdentity', () => {
  it('compares the paths and their order', () => {
    expect(isSameIdentity(['a', 'b'], ['a', 'b'])).toBe(true);
    expect(isSameIdentity(['a', 'b'], ['b', 'a'])).toBe(false);
    expect(isSameIdentity(['a', 'b'], 'a')).toBe(false);
    expect(isSameIdentity('a', 'a')).toBe(true);
  });
});
