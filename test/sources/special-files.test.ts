import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, settingsSource, type SourceError } from 'evenhand';
import { CacheFile } from '../../src/sources/cache-file.ts';
import { closing } from '../closing.ts';
import { kindAt, makeSpecial, SPECIAL_KINDS } from '../processes/special-file.ts';
import { until } from './until.ts';

const describeOnUnix = process.platform === 'win32' ? describe.skip : describe;

let folder: string;
let path: string;
let special: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-special-'));
  path = join(folder, 'experiments.json');
  special = join(folder, 'special');
});

afterEach(() => rmSync(folder, { recursive: true }));

const raw = { origin: 'https://example.com/', text: '["search:on"]' };

describeOnUnix.each(SPECIAL_KINDS)('%s in place of a file', (kind) => {
  const word = kind.replace('a ', '');

  it('is a problem of a watched source, which then uses the next good file', async () => {
    writeFileSync(path, '["search:on"]');
    const problems: string[] = [];
    const client = closing(
      createClient({
        source: settingsSource(path, { watch: true, intervalMs: 100 }),
        logger: { warn: () => {}, error: (message) => void problems.push(message) },
      }),
    );
    rmSync(path);
    await makeSpecial(kind, path);
    await until('the problem is seen', () => client.status().problem !== undefined);
    expect(client.participant().isOn('search')).toBe(true);
    writeFileSync(special, '["search:off"]');
    if (kind === 'a directory') rmSync(path, { recursive: true });
    renameSync(special, path);
    await until('the good file is used', () => client.participant().isOff('search'));
    expect(client.status().problem).toBeUndefined();
    expect(problems.some((problem) => problem.includes(word))).toBe(true);
    await client.close();
  });

  it('is refused as a source and as bootstrap', async () => {
    await makeSpecial(kind, special);
    expect(() => createClient({ source: special })).toThrow(word);
    const logged: string[] = [];
    const down = { name: 'down', load: () => Promise.reject(new Error('down')) };
    const client = closing(
      createClient({
        source: down,
        bootstrap: special,
        logger: { warn: (message) => void logged.push(message), error: () => {} },
      }),
    );
    await expect(client.ready()).rejects.toThrow('down');
    expect(logged.join('\n')).toContain(word);
  });

  it('is neither read nor replaced as a cache file', async () => {
    await makeSpecial(kind, special);
    const problems: SourceError[] = [];
    const cache = new CacheFile(special, (problem) => void problems.push(problem));
    expect(() => cache.read()).toThrow(kind === 'a socket' ? 'ENXIO' : word);
    cache.save(raw, 1);
    await cache.close();
    expect(problems.map(({ message }) => message)).toEqual([
      `the cache file ${special} can't be written: it is ${kind}; name a regular file`,
    ]);
    expect(kindAt(special)).toBe(kind);
  });
});

describeOnUnix('links that lead in a circle', () => {
  it('are refused with a remedy', () => {
    symlinkSync(path, special);
    symlinkSync(special, path);
    expect(() => createClient({ source: path })).toThrow('its links lead in a circle');
  });
});
