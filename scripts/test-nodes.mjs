// Runs the tests of `npm test` on other versions of Node, which npm's package `node` brings:
// `npm run test:nodes`. A version comes first: `npm run test:nodes -- 24 rules`; the rest goes to Jest.
import { spawnSync } from 'node:child_process';

const [first = '', ...rest] = process.argv.slice(2);
const isVersion = /^\d+(\.\d+)*$/.test(first);
const versions = isVersion ? [first] : ['22', '24'];
const forJest = isVersion ? rest : process.argv.slice(2);

for (const version of versions) {
  console.log(`--- Node ${version}`);
  const command = ['node', 'node_modules/jest/bin/jest.js', ...forJest];
  const args = ['exec', '--yes', `--package=node@${version}`, '--', ...command];
  const { status } = spawnSync('npm', args, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
