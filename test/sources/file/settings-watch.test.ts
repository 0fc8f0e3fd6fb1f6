import fs, {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Client,
  createClient,
  type EvenhandError,
  settingsSource,
  type Source,
} from 'evenhand';
import { until } from '../until.ts';

// These tests wait for real notifications on a machine that may be busy.
let directory: string;
let file: string;
let client: Client | undefined;
let problems: EvenhandError[];
let warnings: string[];
let loads: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evenhand-watch-'));
  file = join(directory, 'experiments.json');
  problems = [];
  warnings = [];
  loads = 0;
});

afterEach(async () => {
  await client?.close();
  client = undefined;
  rmSync(directory, { recursive: true });
});

/** An interval so long that polling finds nothing. */
const NEVER_MS = 86_400_000;

function start(source: Parameters<typeof settingsSource>[0], intervalMs = NEVER_MS): Client {
  const logger = { warn: (line: string) => void warnings.push(line), error: () => {} };
  const live = settingsSource(source, { watch: true, intervalMs });
  const counted: Source = {
    ...live,
    load: (options) => {
      loads++;
      return live.load(options);
    },
  };
  client = createClient({ source: counted, logger });
  client.on('error', (problem) => void problems.push(problem));
  return client;
}

const names = () =>
  client
    ?.experiments()
    .experiments.map(({ name }) => name)
    .join();

const inForce = (expected: string) => until(`${expected} is in force`, () => names() === expected);

/** Waits until the source watches and has caught up, so that only notifications cause loads. */
const listening = () =>
  until('somebody listens', () => client?.status().watching === true && loads >= 2);

describe('settingsSource with watch', () => {
  it('is ready for the first request, as without watch', () => {
    writeFileSync(file, '["a:on"]');
    expect(start(file).participant().isOn('a')).toBe(true);
    expect(client?.status()).toMatchObject({ state: 'ready', provider: 'source', origin: file });
  });

  it('notices a file that is written in place', async () => {
    writeFileSync(file, '["a:on"]');
    start(file);
    await listening();
    writeFileSync(file, '["b:on"]');
    await inForce('b');
    expect(problems).toEqual([]);
  });

  it('notices a file that is replaced by renaming, repeatedly', async () => {
    writeFileSync(file, '["a:on"]');
    start(file);
    await listening();
    for (const name of ['b', 'c', 'd']) {
      renameSync(file, join(directory, 'backup~'));
      writeFileSync(join(directory, '.experiments.json.swp'), `["${name}:on"]`);
      renameSync(join(directory, '.experiments.json.swp'), file);
      await inForce(name);
    }
    expect(problems).toEqual([]);
  });

  it('follows a Kubernetes ConfigMap, whose directory is a link that is replaced', async () => {
    const publish = (version: number, text: string) => {
      const data = join(directory, `..version_${version}`);
      mkdirSync(data);
      writeFileSync(join(data, 'experiments.json'), text);
      symlinkSync(`..version_${version}`, join(directory, '..data_tmp'));
      renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
      rmSync(join(directory, `..version_${version - 1}`), { recursive: true, force: true });
    };
    publish(1, '["v1:on"]');
    symlinkSync(join('..data', 'experiments.json'), file);
    start({ files: [join(directory, '*.json')] });
    await listening();
    for (const version of [2, 3, 4]) {
      publish(version, `["v${version}:on"]`);
      await inForce(`v${version}`);
    }
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('notices a change behind a link to another directory', async () => {
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(directory, 'here'));
    writeFileSync(join(elsewhere, 'e.json'), '["a:on"]');
    symlinkSync(join(elsewhere, 'e.json'), join(directory, 'here', 'e.json'));
    start(join(directory, 'here', 'e.json'));
    await listening();
    writeFileSync(join(elsewhere, 'e.json'), '["b:on"]');
    await inForce('b');
    expect(problems).toEqual([]);
  });

  it('keeps watching when the directory itself is replaced', async () => {
    const config = join(directory, 'config');
    const put = (text: string) => {
      mkdirSync(join(directory, 'next'));
      writeFileSync(join(directory, 'next', 'e.json'), text);
      rmSync(config, { recursive: true, force: true });
      renameSync(join(directory, 'next'), config);
    };
    put('["a:on"]');
    start(join(config, 'e.json'), 200);
    await listening();
    for (const name of ['b', 'c']) {
      put(`["${name}:on"]`);
      await inForce(name);
    }
    expect(problems).toEqual([]);
  });

  it('waits silently for a file that is being written', async () => {
    writeFileSync(file, '["a:on"]');
    start(file, 100);
    await listening();
    const handle = openSync(file, 'w');
    for (const part of ['["b:', 'on"', ']']) {
      writeSync(handle, part);
      await new Promise((resolve) => {
        setTimeout(resolve, 120);
      });
      expect(names()).toMatch(/^[ab]$/);
    }
    closeSync(handle);
    await inForce('b');
    expect(problems).toEqual([]);
  });

  it('reports a file that stays half-written, and loads it when it is complete', async () => {
    writeFileSync(file, '["a:on"]');
    start(file);
    await listening();
    truncateSync(file, 3);
    await until('it is told', () => problems.length > 0);
    expect(problems).toMatchObject([{ code: 'json', origin: file, problems: [{ line: 1 }] }]);
    expect(names()).toBe('a');
    appendFileSync(file, ':on"]');
    await inForce('a');
    await until('it is well', () => client?.status().problem === undefined);
  });

  it('keeps the experiments of a deleted file, and loads it when it returns', async () => {
    writeFileSync(file, '["a:on"]');
    start(file);
    await listening();
    unlinkSync(file);
    await until('it is told', () => problems.length > 0);
    expect(problems[0]?.message).toContain(`${file}: no such file`);
    expect(names()).toBe('a');
    writeFileSync(file, '["b:on"]');
    await inForce('b');
  });

  it('notices a change that keeps size and times', async () => {
    writeFileSync(file, '["a:on"]');
    start(file, 100);
    const { mtime } = fs.statSync(file);
    writeFileSync(file, '["b:on"]');
    utimesSync(file, mtime, mtime);
    await inForce('b');
    expect(fs.statSync(file).mtimeMs).toBeCloseTo(mtime.getTime(), 0);
  });

  it('does not read an unchanged file again', async () => {
    writeFileSync(file, '["a:on"]');
    const source = settingsSource(file, { watch: true });
    const { signal } = new AbortController();
    const first = await source.load({ signal });
    const revision = 'revision' in first ? first.revision : undefined;
    // The file was just written, so another write could get the same time.
    expect(await source.load({ signal, known: revision })).toEqual(first);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    try {
      expect(await source.load({ signal, known: revision })).toEqual(first);
      expect(await source.load({ signal, known: revision })).toEqual({ unchanged: true });
      // A delivery that did not arrive is repeated.
      expect(await source.load({ signal, known: 'another' })).toEqual(first);
      expect(await source.load({ signal })).toEqual(first);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('finds new and deleted files', async () => {
    const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
    write('a.json', '["a:on"]');
    start({ files: [join(directory, '*.json')] });
    await listening();
    write('b.json', '["b:on"]');
    await inForce('a,b');
    write('c.json', '["b:off"]');
    await until('the second place is told', () => problems.length > 0);
    expect(problems[0]?.message).toContain(
      `${join(directory, 'b.json')}:1:2 has the same name; rename one of them`,
    );
    unlinkSync(join(directory, 'b.json'));
    await until('the other b is in force', () => client?.participant().isOff('b') === true);
    unlinkSync(join(directory, 'c.json'));
    await inForce('a');
    unlinkSync(join(directory, 'a.json'));
    await until('that nothing is left is told', () => problems.length > 1);
    expect(problems[1]?.message).toContain('no file matches this pattern');
    expect(names()).toBe('a');
  });

  it('reloads a handful of times during 10,000 writes and ends with the last one', async () => {
    writeFileSync(file, '["a:on"]');
    start(file);
    await listening();
    const began = performance.now();
    // Written in place with one length, so the file is complete at every moment.
    const handle = openSync(file, 'w');
    for (let i = 10_000; i < 20_000; i++) {
      writeSync(handle, `["v${i}:on"]`, 0);
      if (i % 10 === 0) await new Promise(setImmediate);
    }
    closeSync(handle);
    await inForce('v19999');
    const seconds = (performance.now() - began) / 1000;
    // The first two loads, and four a second.
    expect(loads).toBeLessThanOrEqual(2 + 4 * Math.ceil(seconds));
  });

  it("polls a directory that can't be watched, and reports that once", async () => {
    writeFileSync(file, '["a:on"]');
    const watch = jest.spyOn(fs, 'watch').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no more watches'), { code: 'ENOSPC' });
    });
    try {
      start(file, 100);
      await until('it is told', () => warnings.length > 0);
      writeFileSync(file, '["b:on"]');
      await inForce('b');
      writeFileSync(file, '["c:on"]');
      await inForce('c');
      expect(client?.status().watching).toBe(false);
      expect(warnings).toEqual([expect.stringMatching(/can't be watched: ENOSPC.*is polled/)]);
      expect(problems).toEqual([]);
    } finally {
      watch.mockRestore();
    }
  });
});
