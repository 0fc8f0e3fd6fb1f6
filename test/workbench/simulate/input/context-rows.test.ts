import { readContextRow } from '../../../../src/workbench/simulate/input/context-rows.ts';

const row = (text: string | Uint8Array, index = 0) =>
  readContextRow({ index, bytes: Buffer.from(text) });

describe('readContextRow', () => {
  it('reads an object, and adds a tracking key where there is none', () => {
    expect(row('{"user": {"id": 4}}', 17)).toEqual({
      kind: 'context',
      context: { user: { id: 4 }, anonymous: '00000000000000000000000000000011' },
    });
    expect(row('{"anonymous": null}')).toEqual({ kind: 'context', context: { anonymous: null } });
  });

  it('passes over blank lines, and takes Windows line ends and a byte order mark', () => {
    expect([row(''), row('  \r')]).toEqual([{ kind: 'blank' }, { kind: 'blank' }]);
    expect(row('\ufeff{"a": 1}\r')).toMatchObject({ kind: 'context', context: { a: 1 } });
  });

  it.each([
    ['{"a": }', 'the line is no JSON: column 7'],
    ['[1]', 'must hold an object'],
    ['null', 'must hold an object'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
    ['{"a":'.repeat(10_000), 'the line is no JSON'],
  ])('says what is wrong with %j', (text, message) => {
    expect(row(text)).toEqual({ kind: 'broken', message: expect.stringContaining(message) });
  });

  it('says that a line is too long', () => {
    expect(readContextRow({ index: 0, bytes: undefined })).toMatchObject({ kind: 'broken' });
  });

  it('reaches no prototype', () => {
    expect(row('{"__proto__": {"polluted": true}}')).toMatchObject({ kind: 'context' });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
