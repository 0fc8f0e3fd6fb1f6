import { findNotUtf8, NotUtf8Error } from '../../src/json/not-utf8.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('findNotUtf8', () => {
  it.each([
    ['Latin-1', latin1('[\r\n"Grün"]'), 2, 4, '0xfc'],
    [
      'Latin-1 after other letters',
      Buffer.concat([Buffer.from('"€😀'), latin1('ü"')]),
      1,
      5,
      '0xfc',
    ],
    ['a byte order mark', Buffer.concat([Buffer.from('\ufeff["'), latin1('ü"]')]), 1, 3, '0xfc'],
    ['a letter that is cut off', Buffer.from('["ü"]').subarray(0, 3), 1, 3, '0xc3'],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1, 2, '0xed'],
    [
      'a wrong byte after U+FFFD',
      Buffer.concat([Buffer.from('\ufffd\n\ufffd'), latin1('ÿ')]),
      2,
      2,
      '0xff',
    ],
  ])('returns the place of the first wrong byte: %s', (_what, bytes, line, column, byte) => {
    expect(findNotUtf8(bytes)).toEqual({
      position: { line, column },
      reason: `the byte ${byte} is not UTF-8; save the file as UTF-8`,
    });
  });

  it.each([
    ['little endian with a mark', Buffer.from('\ufeff["a:on"]', 'utf16le')],
    ['big endian with a mark', Buffer.from('\ufeff["a:on"]', 'utf16le').swap16()],
    ['little endian', Buffer.from('["ü:on"]', 'utf16le')],
    ['big endian', Buffer.from('["ü:on"]', 'utf16le').swap16()],
  ])('recognises UTF-16: %s', (_what, bytes) => {
    const reason = 'the file is UTF-16; save it as UTF-8';
    expect(findNotUtf8(bytes)).toEqual({ position: undefined, reason });
    expect(new NotUtf8Error(bytes).message).toBe(reason);
  });

  it.each(['', '[', '[]', '\ufeff[]', '"\ufffd ü € 😀"'])('accepts UTF-8: %j', (text) => {
    expect(findNotUtf8(Buffer.from(text))).toBeUndefined();
  });
});
