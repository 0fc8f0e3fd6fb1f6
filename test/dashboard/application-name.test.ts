import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationName } from '../../src/dashboard/application-name.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-name-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['{"name": "shop"}', 'shop'],
  [`{"name": "${'a'.repeat(300)}"}`, 'a'.repeat(100)],
  ['{"name": " "}', 'application'],
  ['{"name": 1}', 'application'],
  ['[]', 'application'],
  ['{', 'application'],
])('reads the name in %s', (manifest, name) => {
  writeFileSync(join(folder, 'package.json'), manifest);
  expect(applicationName(folder)).toBe(name);
});

it('has a name without a package.json', () => {
  expect(applicationName(join(folder, 'nowhere'))).toBe('application');
});
