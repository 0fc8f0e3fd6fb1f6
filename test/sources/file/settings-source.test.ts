import { escapeInvisible } from '../../../src/errors/show-value.ts';
import { listNames } from '../../../src/errors/show-value.ts';
import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient, settingsSource } from 'evenhand';

describe('settingsSource', () => {
  let directory: string;
  let file: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand source '));
    file = join(directory, 'experiments.config.json');
    writeFileSync(file, '["search:on"]');
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('delivers the text of a file, by path or file: URL', () => {
    const revision: unknown = expect.stringMatching(/^[0-9a-f]{16}$/);
    const delivered = { text: '["search:on"]', origin: file, revision };
    expect(settingsSource(file).load()).toEqual(delivered);
    expect(settingsSource(pathToFileURL(file)).load()).toEqual(delivered);
    expect(settingsSource(pathToFileURL(file).href).load()).toEqual(delivered);
  });

  it('resolves paths from the working directory at its creation', () => {
    const cwd = process.cwd();
    process.chdir(directory);
    try {
      const sources = [settingsSource(), settingsSource('experiments.config.json')];
      process.chdir(cwd);
      for (const source of sources) expect(source.load().origin).toMatch(/source .*config\.json$/);
    } finally {
      process.chdir(cwd);
    }
  });

  it('reads the file at each load', () => {
    const changing = join(directory, 'changing.json');
    const source = settingsSource(changing);
    for (const text of ['["a:on"]', '["a:off"]']) {
      writeFileSync(changing, text);
      expect(source.load()).toMatchObject({ text });
    }
  });

  it('delivers a specification in memory unchanged', () => {
    for (const config of [['search:on'], { experiments: [] }]) {
      expect(settingsSource(config).load()).toEqual({ data: config, origin: 'config' });
    }
  });

  it.each<[string, () => string, RegExp]>([
    ['a missing file', () => join(directory, 'missing.json'), /no such file.*"source"/],
    ['a path below a file', () => join(file, 'below.json'), /no such file/],
    ['a directory', () => directory, /directory/],
    ['an invalid path', () => `${directory}/\0`, /can't be read/],
  ])('reports %s with its path and a remedy', (_what, pathOf, reason) => {
    const path = pathOf();
    expect(() => settingsSource(path).load()).toThrow(
      expect.objectContaining({
        code: 'source',
        message: expect.stringMatching(reason),
        cause: expect.anything(),
      }),
    );
    expect(() => settingsSource(path).load()).toThrow(escapeInvisible(path));
  });

  it('advises to change the permissions of an unreadable file', () => {
    // Root can read any file, so the test fakes the system's error.
    const read = jest.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    });
    try {
      expect(() => settingsSource(file).load()).toThrow(/not allowed to read it.*permissions/);
    } finally {
      read.mockRestore();
    }
  });

  it.each([42, null, true, new URL('https://example.com/x.json')])('rejects %p', (settings) => {
    expect(() => settingsSource(settings as never)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });

  it.each<[object | string, object, RegExp]>([
    ['a.json', { wach: true }, /unknown option "wach"; did you mean "watch"/],
    ['a.json', { watch: 'yes' }, /"watch" must be true or false/],
    ['a.json', { watch: true, intervalMs: 10 }, /"intervalMs" must be .* from 100/],
    ['a.json', { intervalMs: 1000 }, /"intervalMs" needs "watch"/],
    [['search:on'], { watch: true }, /in memory can't be watched/],
    [{ files: [] }, {}, /"files" must be a list of at least one/],
    [{ files: [''] }, {}, /"files"/],
    [{ files: 'a.json' }, {}, /"files"/],
    [{ files: ['a.json'], path: 'b.json' }, {}, /unknown option "path"/],
  ])('rejects %j with the options %j', (settings, options, message) => {
    expect(() => settingsSource(settings, options)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
  });
});

describe('settingsSource with several files', () => {
  let directory: string;
  const write = (name: string, value: unknown) =>
    writeFileSync(join(directory, name), typeof value === 'string' ? value : JSON.stringify(value));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-several-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const client = (...files: string[]) =>
    createClient({ source: { files: files.map((file) => join(directory, file)) } });

  it('merges files in the order of the paths and then of the names', () => {
    write('b.json', { experiments: ['b:on'] });
    write('a.json', ['a:on']);
    write('first.config', ['first:on']);
    write('ignored.txt', 'no JSON');
    const { experiments, origin } = client('first.config', '*.json', 'a.json').experiments();
    expect(experiments.map(({ name }) => name)).toEqual(['first', 'a', 'b']);
    // The origin shortens long paths, such as those of a temporary folder.
    const paths = ['first.config', '*.json', 'a.json'].map((file) => join(directory, file));
    expect(origin).toBe(listNames(paths));
  });

  it('reports both places of a name that two files declare', () => {
    write('a.json', '["x:on",\n "y:on"]');
    write('b.json', '{\n  "experiments": [\n    "z:on", "y:off"]}');
    expect(() => client('*.json')).toThrow(
      expect.objectContaining({
        code: 'spec',
        problems: [
          {
            path: '/experiments/1',
            line: 3,
            column: 13,
            origin: join(directory, 'b.json'),
            message: `experiment "y" is declared twice: ${join(directory, 'a.json')}:2:2 has the same name; rename one of them`,
          },
        ],
      }),
    );
    expect(() => client('*.json')).toThrow(`${join(directory, 'b.json')}:3:13 /experiments/1`);
  });

  it('names a pattern without matches and a missing file', () => {
    for (const file of ['*.json', 'gone.json', 'gone/*.json']) {
      expect(() => client(file)).toThrow(
        expect.objectContaining({
          code: 'source',
          message: expect.stringContaining(join(directory, file)),
        }),
      );
    }
  });

  it('reports "files" in a specification as a problem of the specification', () => {
    expect(() => createClient({ source: { experiments: [], files: ['a.json'] } })).toThrow(
      expect.objectContaining({ code: 'spec' }),
    );
  });
});
