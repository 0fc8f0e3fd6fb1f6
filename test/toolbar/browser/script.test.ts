import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TOOLBAR_SCRIPT } from '../../../src/toolbar/panel/script.generated.ts';

const ROOT = join(__dirname, '../../..');

const MAX_GZIPPED = 3072;

describe('the script of the toolbar', () => {
  it('is what the generator writes', () => {
    const generator = join(ROOT, 'scripts/generate-browser-scripts.mjs');
    const printed = execFileSync(process.execPath, [generator, '--print=toolbar'], {
      encoding: 'utf8',
    });
    const written = readFileSync(join(ROOT, 'src/toolbar/panel/script.generated.ts'), 'utf8');
    expect(written).toBe(printed);
  });

  it('is at most 3 KB compressed', () => {
    expect(gzipSync(TOOLBAR_SCRIPT, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIPPED);
  });

  it('has no code from texts, and replaces nothing of the page', () => {
    expect(TOOLBAR_SCRIPT).not.toMatch(/\beval\b|\bFunction\b|innerHTML|outerHTML|insertAdjacent/);
    expect(TOOLBAR_SCRIPT).not.toMatch(/\bfetch\s*=|XMLHttpRequest\.prototype|history\.\w+\s*=/);
  });
});
