import { BodyStart } from '../../../src/toolbar/inject/body-start.ts';

describe('a body that a browser shows as a page', () => {
  it('is a document after its first byte, unless it is in UTF-16', () => {
    const page = new BodyStart(true);
    expect(page.read('', undefined)).toBe(true);
    expect(page.kind).toBe('unknown');
    page.read('x', undefined);
    expect(page.kind).toBe('document');
    const wide = new BodyStart(true);
    wide.read('', undefined);
    wide.read('\ufeff<p>', 'utf16le');
    expect(wide.kind).toBe('utf-16');
  });

  it('is a document if nothing follows', () => {
    const page = new BodyStart(true);
    page.conclude();
    expect(page.kind).toBe('document');
  });
});

describe('another body', () => {
  it('is read in parts until its kind is known', () => {
    const body = new BodyStart(false);
    for (const part of [' ', '<', '!doctype', ' ']) body.read(part, undefined);
    expect(body.kind).toBe('unknown');
    body.read(Buffer.from('html>'), undefined);
    expect(body.kind).toBe('document');
    body.read('<p>', undefined);
    expect(body.kind).toBe('document');
  });

  it('is not a document if its beginning is cut', () => {
    const body = new BodyStart(false);
    body.read('<html', undefined);
    body.conclude();
    expect(body.kind).toBe('other');
  });

  it('ignores values that Node refuses', () => {
    const body = new BodyStart(false);
    expect(body.read({}, undefined)).toBe(false);
    expect(body.kind).toBe('unknown');
  });
});
