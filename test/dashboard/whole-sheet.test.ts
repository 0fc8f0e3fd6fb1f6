import { gzipSync } from 'node:zlib';
import { wholeSheet } from '../../src/dashboard/whole-sheet.ts';

/** The limit of the whole style sheet, compressed. */
const MAX_GZIPPED = 6144;

it('is at most 6 KB compressed, and loads nothing', () => {
  const sheet = wholeSheet();
  expect(gzipSync(sheet, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIPPED);
  expect(sheet).not.toMatch(/url\(|@import|@font-face/);
});

it('opens and closes all its blocks', () => {
  const sheet = wholeSheet();
  expect(sheet.split('{')).toHaveLength(sheet.split('}').length);
});
