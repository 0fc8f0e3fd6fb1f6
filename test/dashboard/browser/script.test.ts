import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DASHBOARD_SCRIPT } from '../../../src/dashboard/routes/script.generated.ts';
import { ROOT } from '../../processes/repository.ts';

const MAX_GZIPPED = 3072;

describe('the script of the dashboard', () => {
  it('is what the generator writes', () => {
    const generator = join(ROOT, 'scripts/generate-browser-scripts.mjs');
    const args = [generator, '--print=dashboard'];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const written = readFileSync(join(ROOT, 'src/dashboard/routes/script.generated.ts'), 'utf8');
    expect(written).toBe(printed);
  });

  it('is at most 3 KB compressed', () => {
    expect(gzipSync(DASHBOARD_SCRIPT, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIPPED);
  });

  it('has no code from texts', () => {
    expect(DASHBOARD_SCRIPT).not.toMatch(
      /\beval\b|\bFunction\b|innerHTML|outerHTML|insertAdjacent/,
    );
  });
});
