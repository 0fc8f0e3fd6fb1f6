import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/cli/program.ts';
import { makeProject, type Project } from '../project.ts';
import { ROOT } from '../run-cli.ts';
import { testHost } from '../test-host.ts';

/** A specification with two metrics. */
export const SPECIFICATION = `{
  "metrics": [
    { "name": "purchase", "outcome": "purchase", "type": "proportion" },
    { "name": "revenue", "outcome": "purchase", "type": "sum", "value": "value" }
  ],
  "experiments": [
    "banner:on",
    {
      "name": "checkout",
      "identity": "user.id",
      "variants": [{ "name": "control" }, { "name": "short" }],
      "audiences": [
        {
          "allocations": [
            { "variant": "control", "percent": 50 },
            { "variant": "short", "percent": 50 }
          ]
        }
      ],
      "analysis": { "primary": ["purchase"] }
    },
    {
      "name": "prices",
      "identity": "user.id",
      "variants": [{ "name": "off" }, { "name": "on" }],
      "audiences": [{ "allocations": [{ "variant": "off", "percent": 100 }] }]
    }
  ]
}
`;
/** The name of its file. */
export const FILE = 'experiments.config.json';

/** Creates a project with the specification. */
export function shop(): Project {
  const project = makeProject({ [FILE]: SPECIFICATION });
  // The package of DuckDB is the project's own.
  symlinkSync(join(ROOT, 'node_modules'), join(project.path, 'node_modules'));
  return project;
}

/** Returns the outcomes of 300 visitors, of whom 90 purchase. */
export function visits(): readonly object[] {
  const lines: object[] = [];
  for (let i = 0; i < 300; i++) {
    const common = { version: 1, units: { 'user.id': `u${i}` } };
    const time = new Date(Date.UTC(2026, 10, 10 + (i % 10), 12)).toISOString();
    lines.push({ ...common, id: `v${i}`, time, event: 'outcome', name: 'visit' });
    if (i % 10 > 2) continue;
    lines.push({ ...common, id: `p${i}`, time, event: 'outcome', name: 'purchase' });
  }
  return lines;
}

/** The end of a run of the command. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `plan` at a fixed time. */
export async function plan(project: Project, words: string | readonly string[]): Promise<Run> {
  const now = (): Date => new Date('2026-12-01T10:00:00Z');
  const host = testHost({ cwd: project.path, now });
  await run(['plan', ...(typeof words === 'string' ? words.split(' ') : words)], host);
  return { code: host.exitCode(), out: host.out(), err: host.err() };
}
