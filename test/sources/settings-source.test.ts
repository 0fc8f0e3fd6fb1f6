import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settingsSource } from 'evenhand';

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
    const delivered = { text: '["search:on"]', origin: file };
    expect(settingsSource(file).load()).toEqual(delivered);
    expect(settingsSource(pathToFileURL(file)).load()).toEqual(delivered);
    expect(settingsSource(pathToFileURL(file).href).load()).toEqual(delivered);
  });

  it('takes paths from the working directory at the time it is made', () => {
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

  it('reads the file anew each time', () => {
    const changing = join(directory, 'changing.json');
    const source = settingsSource(changing);
    for (const text of ['["a:on"]', '["a:off"]']) {
      writeFileSync(changing, text);
      expect(source.load()).toMatchObject({ text });
    }
  });

  it('delivers a specification in memory as it is', () => {
    for (const config of [['search:on'], { experiments: [] }]) {
      expect(settingsSource(config).load()).toEqual({ data: config, origin: 'config' });
    }
  });

  it.each<[string, () => string, RegExp]>([
    ['a missing file', () => join(directory, 'missing.json'), /no such file.*"source"/],
    ['a path below a file', () => join(file, 'below.json'), /no such file/],
    ['a directory', () => directory, /directory/],
    ['a path that can be no path', () => `${directory}/\0`, /can't be read/],
  ])('says of %s where it is and what to do', (_what, pathOf, reason) => {
    const path = pathOf();
    expect(() => settingsSource(path).load()).toThrow(
      expect.objectContaining({
        code: 'source',
        message: expect.stringMatching(reason),
        cause: expect.anything(),
      }),
    );
    expect(() => settingsSource(path).load()).toThrow(path);
  });

  it('says of an unreadable file that permissions are to change', () => {
    // An administrator may read anything, so the system's answer is played here.
    const read = jest.spyOn(fs, 'readFileSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    });
    try {
      expect(() => settingsSource(file).load()).toThrow(/may not read it.*permissions/);
    } finally {
      read.mockRestore();
    }
  });

  it.each([42, null, true, new URL('https://example.com/x.json')])('refuses %p', (settings) => {
    expect(() => settingsSource(settings as never)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});
