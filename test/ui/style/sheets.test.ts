import { gzipSync } from 'node:zlib';
import { pageSheet, shadowSheet } from '../../../src/ui/style/sheets.ts';
import { tokens } from '../../../src/ui/style/tokens.ts';

/** The most bytes of a style sheet, compressed. */
const MAX_BYTES = 6 * 1024;

const sizeOf = (sheet: string) => gzipSync(sheet, { level: 9 }).length;

describe('pageSheet', () => {
  it('is at most 6 KB compressed', () => {
    expect(sizeOf(pageSheet())).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('loads nothing', () => {
    expect(pageSheet()).not.toMatch(/url\(|@import|@font-face|<\//);
  });

  it('closes every brace it opens', () => {
    let depth = 0;
    for (const [brace] of pageSheet().matchAll(/[{}]/g)) {
      depth += brace === '{' ? 1 : -1;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
  });

  it('sets every variable that it uses', () => {
    const named = (pattern: RegExp) =>
      new Set([...pageSheet().matchAll(pattern)].map(([, name]) => name));
    const set = named(/(--[\w-]+):/g);
    expect([...named(/var\((--[\w-]+)\)/g)].filter((name) => !set.has(name))).toEqual([]);
  });
});

describe('shadowSheet', () => {
  it('has sizes that do not depend on the page around it', () => {
    const sheet = shadowSheet('.own { margin: 1.5rem; }');
    expect(sheet).not.toMatch(/\drem/);
    expect(sheet).toContain('.small { font-size: 13px; }');
    expect(sheet).toContain('.own { margin: 24px; }');
  });

  it('sets the variables on the host, and leaves out what only pages have', () => {
    const sheet = shadowSheet('.own { color: red; }');
    expect(sheet).toContain(':host { color-scheme: light dark !important;');
    expect(sheet).not.toMatch(/:root|\bbody\b|\.panel >|\.forest/);
    expect(sheet.trimEnd()).toMatch(/\.own \{ color: red; \}$/);
    expect(sizeOf(sheet)).toBeLessThanOrEqual(MAX_BYTES);
  });
});

describe('tokens', () => {
  it('marks variables of a shadow root as important, so that rules of the page lose', () => {
    const declared = tokens(':host').match(/--[\w-]+: [^;]*;/g) ?? [];
    expect(declared.length).toBeGreaterThan(50);
    expect(declared.filter((one) => !one.endsWith(' !important;'))).toEqual([]);
    expect(tokens(':root')).not.toContain('!important');
  });

  it('has a dark value for every colour', () => {
    const [light = '', dark = ''] = tokens(':root').split('@media');
    const names = (text: string) => [...text.matchAll(/(--[\w-]+):/g)].map(([, name]) => name);
    expect(names(light)).toEqual([...names(dark), '--sans', '--mono']);
  });
});
