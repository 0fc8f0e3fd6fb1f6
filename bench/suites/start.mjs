import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { builtFile } from '../harness/build.mjs';
import { usedHeap } from '../harness/heap.mjs';
import { findPackage, installedPackages } from '../harness/packages.mjs';

const IMPORT_MS = 'import, ms';
const IMPORT_MB = 'import, MB';
const PACKAGES = 'packages';
const UNEXPECTED = 'unexpected packages';
const INSTALLED_KB = 'installed, kB';

const require = createRequire(import.meta.url);

const ours = {
  'evenhand (ESM)': () => import(builtFile('dist/esm/index.js')),
  'evenhand (CommonJS)': () => require(fileURLToPath(builtFile('dist/cjs/index.js'))),
};

/** The parts of Evenhand that npm publishes. */
const PUBLISHED = ['package.json', 'dist', 'schema', 'src'];

/** The packages that a production install may add: Evenhand, its dependencies, and cookie-parser's two. */
const EXPECTED = new Set([
  'evenhand',
  'jsep',
  'ipaddr.js',
  'cookie-parser',
  'cookie',
  'cookie-signature',
]);

/** The packages of modules whose names differ. */
const peers = {
  'flagd-core': ['@openfeature/flagd-core'],
  growthbook: ['@growthbook/growthbook'],
  launchdarkly: ['@launchdarkly/node-server-sdk'],
  eppo: ['@eppo/node-server-sdk'],
  unleash: ['unleash-client'],
  planout: ['planout'],
  'vercel-flags': ['flags/next', 'flags'],
  flagsmith: ['flagsmith-nodejs'],
};

export const suite = {
  name: 'start',
  title: 'Importing, in a fresh process, and what is installed',
  contestants: [...Object.keys(ours), ...Object.keys(peers)],
  ours: Object.keys(ours),
  rounds: 11,
  tasks: { import: measureImport, install: measureInstall },
  ratiosTo: ['evenhand (ESM)'],
  plainColumns: [PACKAGES, UNEXPECTED],
  targets: Object.keys(ours).flatMap((name) => [
    { what: `${name}, ms`, figure: (at) => at(name, IMPORT_MS), atMost: 15 },
    { what: `${name}, MB`, figure: (at) => at(name, IMPORT_MB), atMost: 5 },
    { what: `${name}, ${UNEXPECTED}`, figure: (at) => at(name, UNEXPECTED), atMost: 0 },
  ]),
};

async function measureImport(contestant) {
  const load = ours[contestant] ?? (() => import(peers[contestant][0]));
  const heapBefore = usedHeap();
  const before = process.cpuUsage();
  const namespace = await load();
  const { user, system } = process.cpuUsage(before);
  const bytes = usedHeap() - heapBefore;
  if (Object.keys(namespace).length === 0) throw new Error(`${contestant} exports nothing`);
  return { [IMPORT_MS]: (user + system) / 1000, [IMPORT_MB]: bytes / 1e6 };
}

async function measureInstall(contestant) {
  const packages = Object.hasOwn(ours, contestant)
    ? installedPackages(fileURLToPath(builtFile('.')), PUBLISHED)
    : installedPackages(findPackage(peers[contestant].at(-1), import.meta.dirname));
  const bytes = [...packages.values()].reduce((sum, size) => sum + size, 0);
  const figures = { [PACKAGES]: packages.size, [INSTALLED_KB]: bytes / 1000 };
  if (!Object.hasOwn(ours, contestant)) return figures;
  const unexpected = [...packages.keys()].filter((name) => !EXPECTED.has(name));
  return { ...figures, [UNEXPECTED]: unexpected.length };
}
