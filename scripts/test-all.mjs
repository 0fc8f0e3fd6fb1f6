// Runs all tests, also the slow ones and those that need a server or a browser: `npm run test:all`.
// Passes its arguments on to Jest: `npm run test:all -- faults` runs the files with "faults" in their path.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, EVENHAND_TEST: 'all' },
});
process.exitCode = status ?? 1;
