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

/** What lets threads go again: waiting ones would keep a sink from closing, and the process alive. */
const releases: (() => void)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0)) release();
  for (const sink of sinks.splice(0)) await sink.close?.();
});

/** A sink for `path`, closed after the test. */
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

/** The files beside `path` that were put away, oldest first. */
function putAway(): string[] {
  const directory = join(path, '..');
  return readdirSync(directory)
    .filter((name) => name !== 'exposures.ndjson')
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => join(directory, name));
}

const allRecords = (): EventRecord[] =>
  [...putAway(), path].flatMap((file) => parseLines(content(file)));

/** More than the threads that Node gives files. */
const THREADS = 8;

/** Keeps all threads that Node gives files waiting, so that writing hangs in the system. */
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
    // Open for both ends, nobody who opens it has to wait.
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
    mend: async () => {
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
  it('appends to what is there, one line a record', async () => {
    const batch = exposures(2);
    writeFileSync(path, '{"old":1}\n');
    await start().write(batch);
    expect(content()).toBe(
      `{"old":1}\n${batch.map((record) => `${JSON.stringify(record)}\n`).join('')}`,
    );
  });

  it('creates the file and its directories with the first batch, not before', async () => {
    path = join(path, 'deep', 'er', 'exposures.ndjson');
    const { write } = start({ mode: 0o600 });
    expect(existsSync(path)).toBe(false);
    await write(exposures(1));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lets only the owner and the group read, unless told otherwise', async () => {
    await start().write(exposures(1));
    expect(statSync(path).mode & 0o007).toBe(0);
  });

  it('writes where the working directory was when it was made', async () => {
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

  it('does not write what was given up before it came to that', async () => {
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

  it('takes nothing any more once it is closed', async () => {
    const sink = fileSink({ path });
    await sink.close?.();
    await expect(sink.write(exposures(1), unaborted())).rejects.toMatchObject({
      name: 'SinkError',
      permanent: true,
    });
    expect(existsSync(path)).toBe(false);
  });

  it('refuses what is no file, instead of waiting for a reader', async () => {
    execFileSync('mkfifo', [path]);
    await expect(start().write(exposures(1))).rejects.toThrow('is not a regular file');
  });

  it('tells what the system says where the file can not be written', async () => {
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
  ])('refuses the options %j', (options, message) => {
    expect(() => fileSink(options as FileSinkOptions)).toThrow(message);
  });
});

describe('fileSink, when other programs move its file,', () => {
  const [one, two] = [exposures(2), exposures(2)];

  it('begins a new one after it was renamed', async () => {
    const { write } = start();
    await write(one);
    renameSync(path, `${path}.1`);
    await write(two);
    expect(parseLines(content(`${path}.1`))).toEqual(one);
    expect(parseLines(content())).toEqual(two);
  });

  it('goes on in the one that was put in its place', async () => {
    const { write } = start();
    await write(one);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    await write(two);
    expect(parseLines(content(`${path}.1`))).toEqual(one);
    expect(parseLines(content())).toEqual(two);
  });

  it('begins a new one after it was deleted, with its directory', async () => {
    const { write } = start();
    await write(one);
    rmSync(join(path, '..'), { recursive: true });
    await write(two);
    expect(parseLines(content())).toEqual(two);
  });

  it('goes on at the beginning after it was copied and emptied', async () => {
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

describe('fileSink, when a line is torn at the end of its file,', () => {
  const batch = exposures(2);
  const [whole = '', torn = ''] = exposures(2).map((record) => JSON.stringify(record));

  it.each([1, 2, 40, torn.length - 1])('erases the %i bytes there are of it', async (bytes) => {
    writeFileSync(path, `${whole}\n${torn.slice(0, bytes)}`);
    const { write, said } = start();
    await write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), ...batch]);
    expect(content()).not.toMatch(/\n *\n/);
    expect(said).toEqual([
      `evenhand: exposures file ${path}: an incomplete line of ${bytes} bytes, left by a process that was killed, was erased`,
    ]);
  });

  it('erases it where it is the only one, or longer than is read at once', async () => {
    writeFileSync(path, `{"id":"${'x'.repeat(200_000)}`);
    await start().write(batch);
    expect(parseLines(content())).toEqual(batch);
  });

  it('erases one that a power failure has filled with zeros', async () => {
    writeFileSync(path, `${whole}\n${torn.slice(0, 40)}${'\0'.repeat(500)}`);
    await start().write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), ...batch]);
  });

  it('ends it where it is whole but for the line break', async () => {
    writeFileSync(path, `${whole}\n${torn}`);
    const { write, said } = start();
    await write(batch);
    expect(parseLines(content())).toEqual([JSON.parse(whole), JSON.parse(torn), ...batch]);
    expect(said).toEqual([
      expect.stringContaining('the last line had no line break; one was added'),
    ]);
  });

  it('ends, and leaves as it is, what is no record', async () => {
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

  it('ends, and leaves as it is, what is far too long for a record', async () => {
    const long = `{"x":"${'x'.repeat(20_000_000)}`;
    writeFileSync(path, long);
    const { write, said } = start();
    await write(batch);
    expect(content().startsWith(`${long}\n`)).toBe(true);
    expect(parseLines(content().slice(long.length))).toEqual(batch);
    expect(said).toEqual([expect.stringContaining('is not a record and had no line break')]);
  });

  it('erases it before the file is put away', async () => {
    writeFileSync(path, `${whole}\n${torn.slice(0, 40)}`);
    const { write } = start({ rotate: { maxBytes: 1 } });
    await write(batch);
    expect(parseLines(content(putAway()[0]))).toEqual([JSON.parse(whole)]);
    expect(parseLines(content())).toEqual(batch);
  });

  it('erases what another process has torn while this one goes on', async () => {
    const { write } = start();
    await write(batch);
    writeFileSync(path, torn.slice(0, 40), { flag: 'a' });
    await write(batch);
    expect(parseLines(content())).toEqual([...batch, ...batch]);
  });
});

describe('fileSink, putting files away,', () => {
  const size = Buffer.byteLength(`${JSON.stringify(exposures(1)[0])}\n`);
  const DAY_MS = 24 * 60 * 60 * 1000;

  it('begins a new one before a batch with which it would get too large', async () => {
    const { write } = start({ rotate: { maxBytes: size * 5 } });
    const batches = Array.from({ length: 5 }, () => exposures(2));
    for (const batch of batches) await write(batch);
    const counts = [...putAway(), path].map((file) => parseLines(content(file)).length);
    expect(counts).toEqual([4, 4, 2]);
    expect(allRecords()).toEqual(batches.flat());
  });

  it('writes a batch that is too large by itself in one piece', async () => {
    const { write } = start({ rotate: { maxBytes: size } });
    await write(exposures(5));
    await write(exposures(1));
    expect(putAway().map((file) => parseLines(content(file)).length)).toEqual([5]);
  });

  it('gives names that tell the time, sort by it, and are nobody else’s', async () => {
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

  it('begins a new one with the first batch of a period, after a restart too', async () => {
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

  it('goes on where the clock went back', async () => {
    const { write } = start({ rotate: { everyMs: 1000 } });
    await write(exposures(1));
    const tomorrow = new Date(Date.now() + DAY_MS);
    utimesSync(path, tomorrow, tomorrow);
    await write(exposures(1));
    expect(putAway()).toEqual([]);
  });

  it('keeps the newest, and nothing else is deleted', async () => {
    const others = ['exposures.2027.ndjson', 'exposures.backup.ndjson', 'other.ndjson'];
    for (const name of others) writeFileSync(join(path, '..', name), '');
    const { write } = start({ rotate: { maxBytes: 1, keep: 2 } });
    const batches = Array.from({ length: 6 }, () => exposures(1));
    for (const batch of batches) await write(batch);
    const kept = putAway().filter((file) => !others.some((name) => file.endsWith(name)));
    expect(kept.map((file) => parseLines(content(file)))).toEqual(batches.slice(3, 5));
    expect(putAway()).toHaveLength(5);
  });

  it('goes on in the same file where it can not be put away, and says so once', async () => {
    // With the time in it, the name is longer than file systems allow.
    path = join(path, '..', `${'x'.repeat(240)}.ndjson`);
    const { write, said } = start({ rotate: { maxBytes: 1 } });
    const batches = [exposures(1), exposures(1), exposures(1)];
    for (const batch of batches) await write(batch);
    expect(parseLines(content())).toEqual(batches.flat());
    expect(said).toEqual([
      expect.stringMatching(/the file cannot be rotated and keeps growing: ENAMETOOLONG/),
    ]);
  });

  it('goes on where an old one can not be deleted, and says so once', async () => {
    mkdirSync(path.replace('.ndjson', '.2000-01-01T00-00-00.000Z.ndjson'));
    const { write, said } = start({ rotate: { maxBytes: 1, keep: 1 } });
    const batches = [exposures(1), exposures(1), exposures(1)];
    for (const batch of batches) await write(batch);
    expect(parseLines(content())).toEqual(batches[2]);
    expect(said).toEqual([expect.stringContaining('a rotated file cannot be deleted')]);
  });

  it('puts away what a link leads to, and the link stays', async () => {
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
