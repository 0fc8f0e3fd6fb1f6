import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const text = readFileSync(join(ROOT, 'docs/specification.md'), 'utf8');

interface Part {
  readonly properties: object;
}

const schema = JSON.parse(
  readFileSync(join(ROOT, 'schema/experiments.schema.json'), 'utf8'),
) as Part & { readonly $defs: Readonly<Record<string, Part>> };

/** Returns the properties that the first table of a section lists. */
function propertiesOf(heading: string): string[] {
  const section = text.split(/^#{2,3} /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const [, rest = ''] = section.split(/^\| property .*\n/m);
  const [table = ''] = rest.split('\n\n');
  return Array.from(table.matchAll(/^\| `([^`]+)`/gm), ([, name = '']) => name);
}

const sections: [string, Part | undefined][] = [
  ['Properties of the file', schema],
  ['Properties of an experiment', schema.$defs['experiment']],
  ['Variants', schema.$defs['variant']],
  ['Audiences and rules', schema.$defs['audience']],
  ['Allocations', schema.$defs['allocation']],
  ['Schedule', schema.$defs['step']],
  ['Segments', schema.$defs['segment']],
  ['Holdouts', schema.$defs['holdout']],
  ['Metrics', schema.$defs['metric']],
  ['Ratios', schema.$defs['outcomePart']],
  ['Analysis', schema.$defs['analysis']],
  ['Guardrails', schema.$defs['guardrail']],
];

describe('docs/specification.md', () => {
  it.each(sections)('lists every property under "%s", and no other', (heading, part) => {
    expect(propertiesOf(heading).toSorted()).toEqual(
      Object.keys(part?.properties ?? {}).toSorted(),
    );
  });
});
