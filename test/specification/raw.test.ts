import {
  contentRevision,
  isOlder,
  revisionOf,
  textsRevision,
} from '../../src/specification/raw.ts';

describe('revisionOf', () => {
  it('is the revision of the source, if it has one', () => {
    expect(revisionOf({ origin: 'x', text: '[]', revision: 7 })).toBe(7);
    expect(revisionOf({ origin: 'x', data: [], revision: '"etag"' })).toBe('"etag"');
  });

  it('is otherwise a hash of the content, independent of its origin', () => {
    const revision = revisionOf({ origin: 'x', text: '["a:on"]' });
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(revisionOf({ origin: 'y', text: '["a:on"]' })).toBe(revision);
    expect(revisionOf({ origin: 'y', data: ['a:on'] })).toBe(revision);
    expect(revisionOf({ origin: 'x', text: '["a:off"]' })).not.toBe(revision);
  });

  it('is undefined for data that is not JSON', () => {
    const data: unknown[] = [];
    data.push(data);
    expect(revisionOf({ origin: 'x', data })).toBeUndefined();
    expect(revisionOf({ origin: 'x', data: [1n] })).toBeUndefined();
  });
});

describe('textsRevision', () => {
  it('changes when the texts are divided differently', () => {
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
  it('has 16 digits for short and long texts', () => {
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
