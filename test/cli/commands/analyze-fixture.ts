import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { experimentChecksum } from '../../../src/exposures/records/checksum.ts';
import { run } from '../../../src/cli/program.ts';
import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { ROOT } from '../../processes/repository.ts';
import { makeProject, type Project } from '../project.ts';
import { type HostSetup, testHost } from '../test-host.ts';

const VECTORS = join(ROOT, 'test/vectors/analysis');

const variants = (...names: string[]) => names.map((name) => ({ name }));

const allocations = (percents: Readonly<Record<string, number>>) =>
  Object.entries(percents).map(([variant, percent]) => ({ variant, percent }));

/** The experiment of `checkout.ndjson.gz`, in which `short` sells more. */
export const CHECKOUT = {
  name: 'checkout',
  description: 'Does a shorter checkout sell more?',
  identity: 'user.id',
  variants: variants('control', 'short', 'express'),
  audiences: [
    {
      rule: 'user.plan == "pro"',
      allocations: allocations({ control: 40, short: 30, express: 30 }),
    },
    { allocations: allocations({ control: 34, short: 33, express: 33 }) },
  ],
  analysis: {
    primary: ['buyers'],
    secondary: ['revenue'],
    guardrails: [{ metric: 'searches', margin: 0.5 }],
    plannedUnits: 8000,
    until: '2027-02-15T00:00:00Z',
  },
};

/** The experiment of `signup-form.ndjson.gz`, which loses units of `short` in its first audience. */
export const SIGNUP_FORM = {
  name: 'signup_form',
  identity: 'user.id',
  variants: variants('long', 'short'),
  audiences: [
    { rule: 'user.device == "mobile"', allocations: allocations({ long: 50, short: 50 }) },
    { rule: 'user.device == "tablet"', allocations: allocations({ long: 80, short: 20 }) },
    { allocations: allocations({ long: 50, short: 50 }) },
  ],
};

/** Metrics over the outcomes of both files. */
export const METRICS = [
  { name: 'buyers', outcome: 'purchase', type: 'proportion' },
  { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value' },
  { name: 'searches', outcome: 'search', type: 'count' },
  { name: 'refunded', outcome: 'refund', type: 'proportion', better: 'down' },
  { name: 'signups', outcome: 'signup', type: 'proportion' },
];

/** A specification with both experiments. */
export const BOTH = { experiments: [CHECKOUT, SIGNUP_FORM], metrics: METRICS };

/** Creates a project with a specification, and the records of both experiments under its checksums. */
export function analysisProject(specification: object = BOTH): Project {
  const text = JSON.stringify(specification);
  const project = makeProject({ 'experiments.config.json': text });
  // The command line loads DuckDB from the user's project.
  symlinkSync(join(ROOT, 'node_modules'), join(project.path, 'node_modules'));
  const config = parseConfig({ origin: 'x', path: undefined, text, operators: undefined });
  const checksumOf = (name: string): string => {
    const spec = config.specification.experiments.find((one) => one.name === name);
    return spec === undefined ? '0'.repeat(16) : experimentChecksum(spec);
  };
  const files = [
    ['checkout', 'checkout', 'a3d1f0c25b7e9846'],
    ['signup-form', 'signup_form', '55aa00ff1234abcd'],
  ] as const;
  for (const [file, name, recorded] of files) {
    const records = gunzipSync(readFileSync(join(VECTORS, `${file}.ndjson.gz`))).toString();
    const own = records.replaceAll(recorded, checksumOf(name));
    writeFileSync(join(project.path, `${file}.ndjson.gz`), gzipSync(own, { level: 1 }));
  }
  return project;
}

/** Runs `evenhand analyze` in a project, after the end of both experiments. */
export async function analyzeIn(
  project: Project,
  args: readonly string[],
  {
    before = () => {},
    ...setup
  }: Partial<HostSetup> & {
    before?: (host: ReturnType<typeof testHost>) => void;
  } = {},
) {
  const now = () => new Date('2027-03-22T00:00:00Z');
  const host = testHost({ cwd: project.path, now, ...setup });
  before(host);
  await run(['analyze', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}
