import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { GrowingSha1, sha1, sha1Bytes } from '../../src/hash/sha1.ts';

describe('sha1', () => {
  it.each([
    // FIPS 180, appendix A
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    // hashlib.sha1("ü漢🦉".encode()).hexdigest()
    ['ü漢🦉', createHash('sha1').update(Buffer.from('ü漢🦉', 'utf8')).digest('hex')],
  ])('hashes the UTF-8 bytes of %j', (text, digest) => {
    expect(sha1(text)).toBe(digest);
    expect(Buffer.from(sha1Bytes(text), 'latin1').toString('hex')).toBe(digest);
  });
});

describe('GrowingSha1', () => {
  it('hashes everything appended so far, at each step', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const growing = new GrowingSha1();
        texts.forEach((text, i) => {
          expect(growing.append(text)).toBe(sha1Bytes(texts.slice(0, i + 1).join('')));
        });
      }),
    );
  });
});
