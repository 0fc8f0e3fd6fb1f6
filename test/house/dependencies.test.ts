import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

const doc = readFileSync(join(__dirname, '../../docs/dependencies.md'), 'utf8');

/** The rows of the tables under each heading: version by package. */
function listed(heading: string): Record<string, string> {
  const [, section = ''] = doc.split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  const rows = table.matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\| \S.*\|$/gm);
  return Object.fromEntries([...rows].map(([, name = '', version = '']) => [name, version]));
}

describe('docs/dependencies.md', () => {
  it('lists the dependencies at run time', () => {
    expect(listed('At run time')).toEqual(packageJson.dependencies);
  });

  it('lists the peer dependencies', () => {
    expect(listed('Of the application')).toEqual(packageJson.peerDependencies);
    expect(Object.keys(packageJson.peerDependenciesMeta).sort()).toEqual(
      Object.keys(packageJson.peerDependencies).sort(),
    );
  });

  it('lists the development dependencies', () => {
    expect(listed('For development')).toEqual(packageJson.devDependencies);
  });

  it('names every overridden package with its version', () => {
    for (const [name, version] of Object.entries(packageJson.overrides)) {
      expect(doc).toContain(`\`${name}\``);
      expect(doc).toContain(`\`${version}\``);
    }
  });
});
