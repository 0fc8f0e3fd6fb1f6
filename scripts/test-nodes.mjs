// Runs the tests of `npm test` on other versions of Node, which npm's package `node` brings:
// `npm run test:nodes`, or `npm run test:nodes -- 24` for one of them.
import { spawnSync } from 'node:child_process';

const versions = process.argv.slice(2);
for (const version of versions.length > 0 ? versions : ['22', '24']) {
  console.log(`--- Node ${version}`);
  const jest = ['node', 'node_modules/jest/bin/jest.js'];
  const args = ['exec', '--yes', `--package=node@${version}`, '--', ...jest];
  const { status } = spawnSync('npm', args, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
