import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  open,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRecord } from '../../../../src/exposures/records/record.ts';
import { fileSink } from '../../../../src/exposures/sinks/file/file-sink.ts';
import type { FileSinkOptions } from '../../../../src/exposures/sinks/file/file-sink-options.ts';
import { describeSinkContract } from '../../../contract/sink-contract.ts';
import { exposures, parseLines, unaborted } from '../records.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-file-'));
let path = '';

beforeEach(() => {
  path = join(mkdtempSync(join(folder, 'case-')), 'exposures.ndjson');
});

afterAll(() => rmSync(folder, { recursive: true }));

const sinks: { close?(): Promise<void> }[] = [];

/** Functions that release blocked threads, which would keep a sink open and the process alive. */
const releases: (() => void)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0)) release();
  for (const sink of sinks.splice(0)) await sink.close?.();
});

/** Creates a sink for `path`, which is closed after the test. */
function start(options: FileSinkOptions = {}): {
  write: (batch: readonly EventRecord[]) => Promise<void>;
  said: string[];
} {
  const said: string[] = [];
  const logger = { warn: (line: string) => said.push(line), error: () => {} };
  const sink = fileSink({ path, logger, ...options });
  sinks.push(sink);
  return { write: (batch) => sink.write(batch, unaborted()), said };
}

const content = (of = path): string => readFileSync(of, 'utf8');

/** Returns the rotated files of `path`, oldest first. */
function putAway(): string[] {
  const directory = join(path, '..');
  return readdirSync(directory)
    .filter((name) => name !== 'exposures.ndjson')
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => join(directory, name));
}

const allRecords = (): EventRecord[] =>
  [...putAway(), path].flatMap((file) => parseLines(content(file)));

/** More than the number of Node's file threads. */
const THREADS = 8;

/** Blocks all of Node's file threads, so that writing hangs. */
function blockThreads(): () => void {
  const pipe = join(mkdtempSync(join(folder, 'pipe-')), 'pipe');
  execFileSync('mkfifo', [pipe]);
  let waiting = THREADS;
  let both: number | undefined;
  for (let thread = 0; thread < THREADS; thread += 1) {
    open(pipe, 'r', (_error, descriptor) => {
      closeSync(descriptor);
      waiting -= 1;
      if (waiting === 0 && both !== undefined) closeSync(both);
    });
  }
  const release = (): void => {
    // A pipe that is open for reading and writing does not block others that open it.
    both ??= openSync(pipe, constants.O_RDWR);
  };
  releases.push(release);
  return release;
}

describeSinkContract('fileSink()', async () => {
  const aside = `${path}.aside`;
  let release = (): void => {};
  let isBroken = false;
  return {
    sink: fileSink({ path, logger: false }),
    received: async () => (existsSync(path) ? parseLines(content()) : []),
    breakDown: async () => {
      isBroken = true;
      if (existsSync(path)) renameSync(path, aside);
      mkdirSync(path);
    },
    hang: async () => {
      release = blockThreads();
    },
    repair: async () => {
      release();
      if (!isBroken) return;
      isBroken = false;
      rmdirSync(path);
      if (existsSync(aside)) renameSync(aside, path);
    },
    dispose: async () => {},
  };
});

describe('fileSink', () => {
  it('appends one line for each record', async () => {
    const batch = exposures(2);
    writeFileSync(path, '{"old":1}\n');
    await start().write(batch);
    expect(content()).toBe(
      `{"old":1}\n${batch.map((record) => `${JSON.stringify(record)}\n`).join('')}`,
    );
  });

  it('creates the file and its directories with the first batch', async () => {
    path = join(path, 'deep', 'er', 'exposures.ndjson');
    const { write } = start({ mode: 0o600 });
    expect(existsSync(path)).toBe(false);
    await write(exposures(1));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lets only the owner and the group read by default', async () => {
    await start().write(exposures(1));
    expect(statSync(path).mode & 0o007).toBe(0);
  });

  it('writes relative to the working directory at its creation', async () => {
    const before = process.cwd();
    process.chdir(join(path, '..'));
    const sink = fileSink();
    process.chdir(before);
    sinks.push(sink);
    await sink.write(exposures(1), unaborted());
    expect(parseLines(content())).toHaveLength(1);
  });

  it('writes the same under "fsync": "batch"', async () => {
    const batch = exposures(3);
    const { write } = start({ fsync: 'batch' });
    await write(batch);
    await write(batch);
    expect(parseLines(content())).toEqual([...batch, ...batch]);
  });

  it('does not write a batch that was aborted before its turn', async () => {
    const sink = fileSink({ path });
    sinks.push(sink);
    const [one, two] = [exposures(1), exposures(1)];
    const release = blockThreads();
    const attempt = new AbortController();
    const reason = new Error('not done after 50 ms');
    setTimeout(() => attempt.abort(reason), 50);
    await expect(sink.write(one, { signal: attempt.signal })).rejects.toBe(reason);
    release();
    await sink.write(two, unaborted());
    expect(parseLines(content())).toEqual(two);
  });

  it('rejects batches after it is closed', async () => {
    const sink = fileSink({ path });
    await sink.close?.();
    await expect(sink.write(exposures(1), unaborted())).rejects.toMatchObject({
      name: 'SinkError',
      permanent: true,
    });
    expect(existsSync(path)).toBe(false);
  });

  it('rejects a pipe instead of waiting for a reader', async () => {
    execFileSync('mkfifo', [path]);
    await expect(start().write(exposures(1))).rejects.toThrow('is not a regular file');
  });

  it("reports the system's error if the file can't be written", async () => {
    writeFileSync(join(path, '..', 'file'), '');
    path = join(path, '..', 'file', 'exposures.ndjson');
    await expect(start().write(exposures(1))).rejects.toThrow(/ENOTDIR/);
  });

  it.each([
    [{ paht: 'x' }, 'unknown option "paht"; did you mean "path"?'],
    [{ path: '' }, 'option "path" must be a file path, not ""'],
    [{ fsync: 'always' }, 'option "fsync" must be "never" or "batch", not "always"'],
    [{ mode: 0o1000 }, 'option "mode" must be a whole number from 0 to 511, not 512'],
    [{ logger: 7 }, 'option "logger" must be a logger with warn and error, or false, not 7'],
    [{ rotate: { maxBytes: 0 } }, 'option "maxBytes" must be a whole number of 1 or more, not 0'],
    [{ rotate: { keep: -1 } }, 'option "keep" must be a whole number of 0 or more, not -1'],
    [
      { rotate: { daily: true, everyMs: 5 } },
      '"daily" and "everyMs" exclude each other; set one of them',
    ],
  ])('rejects the options %j', (options, message) => {
    expect(() => fileSink(options as FileSinkOptions)).toThrow(message);
  });
});

describe('fileSink, when other programs move its file,', () => {
  const [one, two] = [exposures(2), exposures(2)];

  it('starts a new one after it was renamed', async () => {
    const { write } = start();
    await write(one);
    renameSync(path, `${path}.1`);
    await write(two);
    expect(parseLines(content(`${path}.1`))).toEqual(one);
    expect(parseLines(content())).toEqual(two);
  });

  it('continues in the file that replaced it', async () => {
    const { write } = start();
    await write(one);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    await write(two);
    expect(parseLines(content(`${path}.1`))).toEqual(one);
    expect(parseLines(content())).toEqual(two);
  });

  it('starts a new one after it was deleted together with its directory', async () => {
    const { write } = start();
    await write(one);
    rmSync(join(path, '..'), { recursive: true });
    await write(two);
    expect(parseLines(content())).toEqual(two);
  });

  it('continues at the start after it was copied and truncated', async () => {
    const { write, said } = start();
    await write(exposures(50));
    truncateSync(path);
    await write(one);
    await write(two);
    expect(content()).not.toContain('\0');
    expect(parseLines(content())).toEqual([...one, ...two]);
    expect(said).toEqual([]);
  });
});

describe('fileSink, when the last line of its file is incomplete,', () => {
  const batch = exposures(2);
  const [whole = '', torn = ''] = exposures(2).map((record) => JSON.stringify(record));

  it.each([1, 2, 40, torn.length - 1])('erases its first %i bytes', async (bytes) => {
    writeFileSync(path, `${whole}\n${torn.slice(0, bytes)}`);
    const { write, said } = start();
    await write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), ...batch]);
    expect(content()).not.toMatch(/\n *\n/);
    expect(said).toEqual([
      `evenhand: exposures file ${path}: an incomplete line of ${bytes} bytes, left by a process that was killed, was erased`,
    ]);
  });

  it('erases it if it is the only line, or longer than one read', async () => {
    writeFileSync(path, `{"id":"${'x'.repeat(200_000)}`);
    await start().write(batch);
    expect(parseLines(content())).toEqual(batch);
  });

  it('erases it if a power failure has filled it with zeros', async () => {
    writeFileSync(path, `${whole}\n${torn.slice(0, 40)}${'\0'.repeat(500)}`);
    await start().write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), ...batch]);
  });

  it('adds a line break to a record that lacks only that', async () => {
    writeFileSync(path, `${whole}\n${torn}`);
    const { write, said } = start();
    await write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), JSON.parse(torn), ...batch]);
    expect(said).toEqual([
      expect.stringContaining('the last line had no line break; one was added'),
    ]);
  });

  it('keeps a line that is not a record, and adds a line break', async () => {
    writeFileSync(path, 'PASSWORD=secret\nUSER=ada');
    const { write, said } = start();
    await write(batch);
    expect(
      content()
        .split('\n')
        .slice(0, 2)
        .map((line) => line.trim()),
    ).toEqual(['PASSWORD=secret', 'USER=ada']);
    expect(parseLines(content().split('\n').slice(2).join('\n'))).toEqual(batch);
    expect(said).toEqual([expect.stringContaining('is not a record and had no line break')]);
  });

  it('keeps a line that is too long for a record, and adds a line break', async () => {
    const long = `{"x":"${'x'.repeat(20_000_000)}`;
    writeFileSync(path, long);
    const { write, said } = start();
    await write(batch);
    expect(content().startsWith(`${long}\n`)).toBe(true);
    expect(parseLines(content().slice(long.length))).toEqual(batch);
    expect(said).toEqual([expect.stringContaining('is not a record and had no line break')]);
  });

  it('erases it before the file is rotated', async () => {
    writeFileSync(path, `${whole}\n${torn.slice(0, 40)}`);
    const { write } = start({ rotate: { maxBytes: 1 } });
    await write(batch);
    expect(parseLines(content(putAway()[0]))).toEqual([JSON.parse(whole)]);
    expect(parseLines(content())).toEqual(batch);
  });

  it('erases a line that another process has left incomplete meanwhile', async () => {
    const { write } = start();
    await write(batch);
    writeFileSync(path, torn.slice(0, 40), { flag: 'a' });
    await write(batch);
    expect(parseLines(content())).toEqual([...batch, ...batch]);
  });
});

describe('fileSink, rotating files,', () => {
  const size = Buffer.byteLength(`${JSON.stringify(exposures(1)[0])}\n`);
  const DAY_MS = 24 * 60 * 60 * 1000;

  it('starts a new one before a batch that would make it too large', async () => {
    const { write } = start({ rotate: { maxBytes: size * 5 } });
    const batches = Array.from({ length: 5 }, () => exposures(2));
    for (const batch of batches) await write(batch);
    const counts = [...putAway(), path].map((file) => parseLines(content(file)).length);
    expect(counts).toEqual([4, 4, 2]);
    expect(allRecords()).toEqual(batches.flat());
  });

  it('writes a batch that is too large by itself to one file', async () => {
    const { write } = start({ rotate: { maxBytes: size } });
    await write(exposures(5));
    await write(exposures(1));
    expect(putAway().map((file) => parseLines(content(file)).length)).toEqual([5]);
  });

  it('gives unique names that contain the time and sort by it', async () => {
    jest.useFakeTimers({ now: Date.UTC(2027, 0, 31, 12), doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const { write } = start({ rotate: { maxBytes: 1 } });
      const taken = path.replace('.ndjson', '.2027-01-31T12-00-00.001Z.ndjson');
      writeFileSync(taken, 'mine\n');
      const batches = Array.from({ length: 4 }, () => exposures(1));
      for (const batch of batches) await write(batch);
      expect(putAway().map((file) => file.slice(path.length - '.ndjson'.length))).toEqual([
        '.2027-01-31T12-00-00.000Z.ndjson',
        '.2027-01-31T12-00-00.001Z.ndjson',
        '.2027-01-31T12-00-00.002Z.ndjson',
        '.2027-01-31T12-00-00.003Z.ndjson',
      ]);
      expect(content(taken)).toBe('mine\n');
      rmSync(taken);
      expect(allRecords()).toEqual(batches.flat());
    } finally {
      jest.useRealTimers();
    }
  });

  it('starts a new one with the first batch of a period, also after a restart', async () => {
    const { write } = start({ rotate: { daily: true } });
    await write(exposures(1));
    await write(exposures(1));
    expect(putAway()).toEqual([]);
    const yesterday = new Date(Date.now() - DAY_MS);
    utimesSync(path, yesterday, yesterday);
    await write(exposures(1));
    expect(putAway()).toHaveLength(1);
    utimesSync(path, yesterday, yesterday);
    await start({ rotate: { everyMs: DAY_MS } }).write(exposures(1));
    expect(putAway()).toHaveLength(2);
    expect(allRecords()).toHaveLength(4);
  });

  it('continues when the clock was set back', async () => {
    const { write } = start({ rotate: { everyMs: 1000 } });
    await write(exposures(1));
    const tomorrow = new Date(Date.now() + DAY_MS);
    utimesSync(path, tomorrow, tomorrow);
    await write(exposures(1));
    expect(putAway()).toEqual([]);
  });

  it('keeps the newest rotated files, and deletes nothing else', async () => {
    const others = ['exposures.2027.ndjson', 'exposures.backup.ndjson', 'other.ndjson'];
    for (const name of others) writeFileSync(join(path, '..', name), '');
    const { write } = start({ rotate: { maxBytes: 1, keep: 2 } });
    const batches = Array.from({ length: 6 }, () => exposures(1));
    for (const batch of batches) await write(batch);
    const kept = putAway().filter((file) => !others.some((name) => file.endsWith(name)));
    expect(kept.map((file) => parseLines(content(file)))).toEqual(batches.slice(3, 5));
    expect(putAway()).toHaveLength(5);
  });

  it("continues in a file that can't be rotated, and logs that once", async () => {
    // With the time, the name is longer than file systems allow.
    path = join(path, '..', `${'x'.repeat(240)}.ndjson`);
    const { write, said } = start({ rotate: { maxBytes: 1 } });
    const batches = [exposures(1), exposures(1), exposures(1)];
    for (const batch of batches) await write(batch);
    expect(parseLines(content())).toEqual(batches.flat());
    expect(said).toEqual([
      expect.stringMatching(/the file cannot be rotated and keeps growing: ENAMETOOLONG/),
    ]);
  });

  it("continues if an old file can't be deleted, and logs that once", async () => {
    mkdirSync(path.replace('.ndjson', '.2000-01-01T00-00-00.000Z.ndjson'));
    const { write, said } = start({ rotate: { maxBytes: 1, keep: 1 } });
    const batches = [exposures(1), exposures(1), exposures(1)];
    for (const batch of batches) await write(batch);
    expect(parseLines(content())).toEqual(batches[2]);
    expect(said).toEqual([expect.stringContaining('a rotated file cannot be deleted')]);
  });

  it('rotates the target of a symbolic link, and keeps the link', async () => {
    const link = path;
    path = join(path, '..', 'data.ndjson');
    symlinkSync(path, link);
    const sink = fileSink({ path: link, rotate: { maxBytes: 1 } });
    sinks.push(sink);
    const batches = [exposures(1), exposures(1)];
    for (const batch of batches) await sink.write(batch, unaborted());
    expect(parseLines(content())).toEqual(batches[1]);
    expect(parseLines(content(link))).toEqual(batches[1]);
    expect(readdirSync(join(path, '..')).filter((name) => name.startsWith('data.2'))).toHaveLength(
      1,
    );
  });
});
