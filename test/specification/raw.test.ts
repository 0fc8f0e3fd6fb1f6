import {
  contentRevision,
  isOlder,
  revisionOf,
  textsRevision,
} from '../../src/specification/raw.ts';

describe('revisionOf', () => {
  it('returns the revision of the source', () => {
    expect(revisionOf({ origin: 'x', text: '[]', revision: 7 })).toBe(7);
    expect(revisionOf({ origin: 'x', data: [], revision: '"etag"' })).toBe('"etag"');
  });

  it('returns a hash of the content if the source has no revision', () => {
    const revision = revisionOf({ origin: 'x', text: '["a:on"]' });
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(revisionOf({ origin: 'y', text: '["a:on"]' })).toBe(revision);
    expect(revisionOf({ origin: 'y', data: ['a:on'] })).toBe(revision);
    expect(revisionOf({ origin: 'x', text: '["a:off"]' })).not.toBe(revision);
  });

  it('throws for a value that is not JSON', () => {
    const data: unknown[] = [];
    data.push(data);
    expect(revisionOf({ origin: 'x', data })).toBeUndefined();
    expect(revisionOf({ origin: 'x', data: [1n] })).toBeUndefined();
  });
});

describe('textsRevision', () => {
  it('differs when the same content is divided into other texts', () => {
    const divided = [
      [['a', '12']],
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['b', '1'],
        ['a', '2'],
      ],
      [
        ['a', '12'],
        ['b', ''],
      ],
    ].map((texts) => textsRevision(texts.map(([origin = '', text = '']) => ({ origin, text }))));
    expect(new Set(divided).size).toBe(4);
  });
});

describe('contentRevision', () => {
  it('has 16 digits even for a small hash, and accepts long texts', () => {
    for (const text of ['', 'x'.repeat(3_000_000)]) {
      expect(contentRevision(text)).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});

describe('isOlder', () => {
  it.each([
    [1, 2, true],
    [2, 2, false],
    [3, 2, false],
    ['1', '2', false],
    [1, '2', false],
    [undefined, 2, false],
    [1, undefined, false],
  ])('%p than %p: %p', (revision, than, older) => {
    expect(isOlder(revision, than)).toBe(older);
  });
});
