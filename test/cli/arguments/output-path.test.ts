import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { outputPath } from '../../../src/cli/arguments/output-path.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

function setUp(specification: string | undefined) {
  const { path } = makeProject({ 'experiments.config.json': '[]', 'sub/a.txt': '' });
  const host = testHost({ cwd: path });
  const config = {
    origin: specification ?? '(standard input)',
    path: specification === undefined ? undefined : join(path, specification),
    text: '[]',
  };
  const at = (shown: string) => outputPath(host, '--report', shown, config);
  return { path, at };
}

describe('outputPath', () => {
  it('resolves relative paths against the working directory', () => {
    const { path, at } = setUp('experiments.config.json');
    expect(at('sub/out.html')).toBe(join(path, 'sub/out.html'));
    expect(at(join(path, 'sub/out.html'))).toBe(join(path, 'sub/out.html'));
  });

  it('refuses the specification itself, by any path or link', () => {
    const { path, at } = setUp('experiments.config.json');
    symlinkSync(join(path, 'experiments.config.json'), join(path, 'link.html'));
    symlinkSync(path, join(path, 'sub/up'), 'junction');
    for (const name of [
      'experiments.config.json',
      './sub/../experiments.config.json',
      'link.html',
      'sub/up/experiments.config.json',
    ]) {
      expect(() => at(name)).toThrow(
        expect.objectContaining({
          code: 'option',
          message: `--report would overwrite the specification ${name}; choose another path`,
        }),
      );
    }
  });

  it('accepts any path if the specification came from standard input', () => {
    const { path, at } = setUp(undefined);
    expect(at('experiments.config.json')).toBe(join(path, 'experiments.config.json'));
  });
});
