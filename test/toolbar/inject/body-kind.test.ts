import * as fc from 'fast-check';
import { firstBytes, kindOfBody, MAX_START } from '../../../src/toolbar/inject/body-kind.ts';
import { runs } from '../../runs.ts';

const BOM = '\u00ef\u00bb\u00bf';

describe('kindOfBody()', () => {
  it.each([
    '<!doctype html>',
    '<!DOCTYPE html>',
    '<!DocType\n\tHTML PUBLIC "-//W3C//DTD HTML 4.01//EN">',
    '<html>',
    '<HTML lang=en>',
    '<html/>',
    `${BOM}<!doctype html>`,
    ' \n\r\t\f<html>',
    `${BOM} <!-- a licence --> <!----> <!--> <!---> <!-- > --><html >`,
    `<!-- <p>not yet</p> --><!doctype html>`,
  ])('recognizes a document: %j', (text) => {
    expect(kindOfBody(text)).toBe('document');
  });

  it.each([
    '<p>',
    'x',
    '{"html":1}',
    '<html5>',
    '<html-element>',
    '<!doctype svg>',
    '<!doctype html5>',
    '<!ELEMENT x>',
    '<!-- --> <p>',
    '<turbo-frame><html>',
    '\u00a0<html>',
    'text <html>',
    '<?xml version="1.0"?><html>',
    '\u00ef\u00bbx',
    '\u0000<html>',
    `<!--${'x'.repeat(MAX_START)}--><html>`,
    ' '.repeat(MAX_START),
  ])('recognizes no document in other bodies: %j', (text) => {
    expect(kindOfBody(text.slice(0, MAX_START))).toBe('other');
  });

  it.each(['\u00fe\u00ff\0<', '\u00ff\u00fe<\0'])('recognizes UTF-16: %j', (text) => {
    expect(kindOfBody(text)).toBe('utf-16');
  });

  it('never changes its answer when more bytes follow', () => {
    const words =
      '< ! - -- <!-- --> <!doctype \n html <html > x DOCTYPE / \u00ef \u00bb \u00fe \u00ff';
    const part = fc.constantFrom(' ', BOM, ...words.split(' '));
    const body = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(body, (text) => {
        const kinds = Array.from(text, (_, i) => kindOfBody(text.slice(0, i + 1)));
        const known = kinds.filter((kind) => kind !== 'unknown');
        expect(new Set(known).size).toBeLessThan(2);
        expect(kinds.slice(kinds.length - known.length)).toEqual(known);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('needs no more bytes than necessary', () => {
    expect(kindOfBody('<!doctype html')).toBe('unknown');
    expect(kindOfBody('<!doctype html>')).toBe('document');
    expect(kindOfBody('<!elephant')).toBe('other');
    expect(kindOfBody('<!-- unfinished')).toBe('unknown');
  });

  it('reads a long beginning once', () => {
    const comments = '<!---->'.repeat(MAX_START);
    expect(kindOfBody(comments.slice(0, MAX_START))).toBe('other');
  });
});

describe('firstBytes()', () => {
  it.each<[unknown, unknown, string | undefined]>([
    ['<p>', undefined, '<p>'],
    ['ü', undefined, '\u00c3\u00bc'],
    ['ü', 'latin1', '\u00fc'],
    ['ü', 'LATIN1', '\u00fc'],
    ['ab', 'utf16le', 'a\0b\0'],
    ['3c703e', 'hex', '<p>'],
    ['PHA+', 'base64', '<p>'],
    ['<p>', 'no encoding', undefined],
    [Buffer.from('<p>'), 'hex', '<p>'],
    [new Uint8Array([60, 112]), undefined, '<p'],
    [7, undefined, undefined],
    [null, undefined, undefined],
    [new Uint16Array(2), undefined, undefined],
  ])('of %j in %s', (chunk, encoding, expected) => {
    expect(firstBytes(chunk, encoding)).toBe(expected);
  });

  it.each(['utf8', 'latin1', 'hex', 'base64', 'base64url', 'utf16le', 'ascii'] as const)(
    'reads only the beginning of a long text in %s',
    (encoding) => {
      const bytes = Buffer.from('<p>text</p>'.repeat(MAX_START));
      const expected = bytes.toString('latin1', 0, MAX_START);
      const text =
        encoding === 'base64url' ? bytes.toString('base64url') : bytes.toString(encoding);
      expect(firstBytes(text, encoding)).toBe(expected);
      expect(firstBytes(bytes, encoding)).toBe(expected);
    },
  );
});
