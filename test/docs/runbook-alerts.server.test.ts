import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, findProgram } from '../servers/find-program.ts';
import { blocksOf } from './readme-blocks.ts';

const program = findProgram('promtool');
const needed = {
  name: 'Prometheus',
  program,
  install: 'sudo apt-get install prometheus',
  variable: 'EVENHAND_REQUIRE_PROMETHEUS',
};

describeWith(needed, 'the alerts of docs/runbook.md', () => {
  it('are accepted by promtool', () => {
    const doc = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
    const rules = blocksOf(doc).find(({ language }) => language === 'yaml');
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-alerts-'));
    try {
      const path = join(folder, 'evenhand.rules.yml');
      writeFileSync(path, rules?.text ?? '');
      const output = execFileSync(program ?? '', ['check', 'rules', path], { encoding: 'utf8' });
      expect(output).toMatch(/SUCCESS: \d+ rules found/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
