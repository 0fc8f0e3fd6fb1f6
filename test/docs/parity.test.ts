import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes/repository.ts';
import cravensworth from '../vectors/cravensworth.json' with { type: 'json' };
import language from '../vectors/planout-language.json' with { type: 'json' };
import planout from '../vectors/planout.json' with { type: 'json' };
import python from '../vectors/python.json' with { type: 'json' };
import rules from '../vectors/rules.json' with { type: 'json' };

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const page = read('docs/parity.md');

/** The versions that the tests install, by the name of the package. */
const pins = new Map(
  [...read('test/parity/environment/requirements.txt').matchAll(/^([\w-]+)==(.+)$/gm)].map(
    ([, name = '', version = '']) => [name, version],
  ),
);

describe('docs/parity.md', () => {
  it.each(['django-cravensworth', 'Django', 'rapidhash', 'simpleeval', 'PlanOut'])(
    'names the version of %s that the tests install',
    (name) => {
      const version = pins.get(name);
      expect(version).toMatch(/^\d/);
      expect(page).toContain(` ${version}`);
    },
  );

  it('counts the recorded results', () => {
    const { decisions } = cravensworth;
    expect(page).toContain(`${language.cases.length} scripts`);
    expect(page).toContain(
      `${rules.length.toLocaleString('en')} rules, ${python.cases.length} rules of CPython`,
    );
    expect(page).toContain(`${decisions.length} contexts`);
    expect(page).toContain(`${planout.operators.length} draws`);
    expect(page).toContain(`${planout.namespaces.length} namespaces`);
  });

  const named = [...page.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path = '']) => path);

  it.each(named)('names a file that exists: %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });
});
