import { gzipSync } from 'node:zlib';
import { toolbarSheet } from '../../../src/toolbar/panel/sheet.ts';

const MAX_GZIPPED = 6144;

describe('toolbarSheet', () => {
  const sheet = toolbarSheet();

  it('is at most 6 KB compressed', () => {
    expect(gzipSync(sheet, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIPPED);
  });

  it('depends on no font size of the page, and loads nothing', () => {
    expect(sheet).not.toMatch(/\drem\b|NaN|url\(|@import|@font-face/);
  });

  it('makes every rule of the host important', () => {
    const rules = [...sheet.matchAll(/:host(?:\([^)]*\))?\{([^{}]*)\}/g)];
    expect(rules.length).toBeGreaterThan(4);
    for (const [, declarations = ''] of rules) {
      for (const one of declarations.split(';')) expect(one).toMatch(/!important$/);
    }
  });

  it('is ASCII with balanced braces', () => {
    expect(sheet).toMatch(/^[\n\x20-\x7e]*$/);
    expect(sheet.split('{').length).toBe(sheet.split('}').length);
  });
});
