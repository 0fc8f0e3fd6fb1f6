import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRecord } from '../../../../src/exposures/records/record.ts';
import { fileSink } from '../../../../src/exposures/sinks/file/file-sink.ts';
import { type ChildOptions, type ChildSink, startChild } from '../child-sink.ts';
import { exposures, parseLines, unaborted } from '../records.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-processes-'));
let path = '';

beforeEach(() => {
  path = join(mkdtempSync(join(folder, 'case-')), 'exposures.ndjson');
});

afterAll(() => rmSync(folder, { recursive: true }));

const IMPORTS = `
  import { appendFileSync, readFileSync, renameSync } from 'node:fs';
  import { fileSink } from 'SINKS/file/file-sink.ts';
  import { exposures, unaborted } from 'RECORDS';
  const [path, who, rotate] = process.argv.slice(1);
  const options = rotate === undefined ? {} : { rotate: JSON.parse(rotate) };
  const sink = fileSink({ path, ...options });
  const write = (batch) => sink.write(batch, unaborted());
`;

/**
 * A process that writes 10,000 lines in batches of different sizes, after a line on its standard
 * input.
 */
const WRITER = `${IMPORTS}
  const all = exposures(10_000, who);
  console.log('ready');
  process.stdin.once('data', async () => {
    for (let at = 0, size = 1; at < all.length; at += size, size = (size * 7 + 3) % 97 + 1) {
      await write(all.slice(at, at + size));
    }
    await sink.close();
    process.exit(0);
  });`;

/** The smallest size of the batches of {@link ENDLESS}, in bytes. */
const BATCH_BYTES = 32_000_000;

/**
 * A process that writes large batches until it is killed, and reports the ids of each written
 * batch.
 */
const ENDLESS = `${IMPORTS}
  const context = { text: 'x'.repeat(${BATCH_BYTES} / 8) };
  console.log('ready');
  for (;;) {
    const batch = exposures(8, who).map((record) => ({ ...record, context }));
    await write(batch);
    console.log(batch.map(({ id }) => id).join(' '));
  }`;

const ready = async ({ process: { stdout } }: ChildSink): Promise<void> => {
  if (stdout === null) throw new Error('the child has no standard output');
  await once(stdout, 'data');
};

async function run(...children: ChildSink[]): Promise<void> {
  await Promise.all(children.map(ready));
  for (const child of children) child.process.stdin?.write('go');
  const ends = await Promise.all(children.map(({ ended }) => ended));
  expect(ends).toEqual(ends.map(() => expect.objectContaining({ code: 0, stderr: '' }) as unknown));
}

const units = (records: readonly EventRecord[], who: string): string[] =>
  records.flatMap((record) =>
    record.event === 'exposure' && record.unit?.startsWith(`${who}-`) === true ? [record.unit] : [],
  );

const expected = (who: string): string[] =>
  Array.from({ length: 10_000 }, (_, index) => `${who}-${index}`);

describe('fileSink, with two processes and one file,', () => {
  it('keeps every line of both complete, and in the order of each', async () => {
    await run(startChild(WRITER, [path, 'ada']), startChild(WRITER, [path, 'bob']));
    const records = parseLines(readFileSync(path, 'utf8'));
    expect(records).toHaveLength(20_000);
    expect(units(records, 'ada')).toEqual(expected('ada'));
    expect(units(records, 'bob')).toEqual(expected('bob'));
  });

  it('loses nothing when both rotate it', async () => {
    const rotate = JSON.stringify({ maxBytes: 200_000 });
    await run(startChild(WRITER, [path, 'ada', rotate]), startChild(WRITER, [path, 'bob', rotate]));
    const directory = join(path, '..');
    const files = readdirSync(directory);
    expect(files.length).toBeGreaterThan(20);
    const records = files.flatMap((name) =>
      parseLines(readFileSync(join(directory, name), 'utf8')),
    );
    expect(records).toHaveLength(20_000);
    expect(new Set(records.map(({ id }) => id)).size).toBe(20_000);
  });
});

describe('fileSink, when its process is killed in the middle of writing,', () => {
  /** Waits until a batch is being written: the file grows while the system copies it. */
  async function grownTo(bytes: number): Promise<void> {
    while ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < bytes) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Kills a process during its second batch, and returns the ids of its first batch. */
  async function killed(): Promise<string[]> {
    const child = startChild(ENDLESS, [path, 'user']);
    await ready(child);
    await grownTo(BATCH_BYTES + BATCH_BYTES / 8);
    child.process.kill('SIGKILL');
    const { code, stdout } = await child.ended;
    expect(code).toBeNull();
    // The kill may have cut off the last line.
    const [, ...lines] = stdout.split('\n').slice(0, -1);
    return lines.flatMap((line) => line.split(' '));
  }

  it('keeps all written lines, and no incomplete line after the next start', async () => {
    const said: string[] = [];
    const logger = { warn: (line: string) => said.push(line), error: () => {} };
    // On a busy machine the kill may come after the batch.
    for (let kill = 0; kill < 10 && said.length === 0; kill += 1) {
      rmSync(path, { force: true });
      const written = await killed();
      const isTorn = !readFileSync(path, 'latin1').endsWith('\n');
      const last = exposures(1);
      const sink = fileSink({ path, logger });
      await sink.write(last, unaborted());
      await sink.close?.();
      expect(said).toHaveLength(isTorn ? 1 : 0);
      const text = readFileSync(path, 'utf8');
      const ids = parseLines(text).map(({ id }) => id);
      expect(ids.slice(0, written.length)).toEqual(written);
      expect(ids.at(-1)).toBe(last[0]?.id);
      expect(text).not.toMatch(/\n *\n/);
    }
    expect(said).toEqual([
      expect.stringContaining('left by a process that was killed, was erased'),
    ]);
  });

  it('keeps the lines of another process that continues', async () => {
    const other = startChild(WRITER, [path, 'ada']);
    await ready(other);
    const victim = startChild(ENDLESS, [path, 'bob']);
    await ready(victim);
    other.process.stdin?.write('go');
    await grownTo(BATCH_BYTES / 8);
    victim.process.kill('SIGKILL');
    expect((await other.ended).code).toBe(0);
    await victim.ended;
    // If the other process had already finished, the next start erases the incomplete line.
    const sink = fileSink({ path, logger: false });
    await sink.write(exposures(1), unaborted());
    await sink.close?.();
    expect(units(parseLines(readFileSync(path, 'utf8')), 'ada')).toEqual(expected('ada'));
  });
});

/** Returns true if this user may mount a private file system. */
function canMount(): boolean {
  try {
    const mount = ['mount', '-t', 'tmpfs', 'tmpfs', folder];
    execFileSync('unshare', ['-rm', ...mount], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The ways to fill a disk after 64 KiB; the second one needs the right to mount. */
const FULL_DISKS: readonly (readonly [string, ChildOptions])[] = [
  ['a file size limit', { before: 'ulimit -S -f 64' }],
  ...(canMount()
    ? ([
        [
          'a file system of 64 KiB',
          { before: `mount -t tmpfs -o size=64k tmpfs ${folder}`, under: ['unshare', '-rm'] },
        ],
      ] as const)
    : []),
];

describe.each(FULL_DISKS)('fileSink, when the disk is full by %s,', (_name, full) => {
  /** Runs a child under the limit, and returns its output, parsed as JSON. */
  async function report(code: string): Promise<Record<string, unknown>> {
    const file = join(folder, `${String(Math.random()).slice(2)}.ndjson`);
    const { stdout, stderr } = await startChild(`${IMPORTS}${code}`, [file], full).ended;
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  const HELPERS = `
    const ids = (batch) => batch.map(({ id }) => id);
    const lines = (file = path) => readFileSync(file, 'utf8').split('\\n').filter((line) => line.trim());
    const inFile = (file) => lines(file).map((line) => JSON.parse(line).id);
    const attempt = (batch) => write(batch).then(() => 'written', (error) => error.message);
    const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  `;

  it('rejects the batch, leaves nothing of it, and accepts smaller ones', async () => {
    const outcome = await report(`${HELPERS}
      const [first, large, small] = [exposures(50), exposures(1000), exposures(5)];
      const outcomes = [];
      for (const batch of [first, large, large, small]) outcomes.push(await attempt(batch));
      const nothingElse = isSame(inFile(), ids([...first, ...small]));
      const clean = !/ \\n|\\n /.test(readFileSync(path, 'utf8'));
      console.log(JSON.stringify({ outcomes, nothingElse, clean }));`);
    const refused = expect.stringMatching(
      /: only \d+ of \d+ bytes could be written; the disk/,
    ) as unknown;
    expect(outcome).toEqual({
      outcomes: ['written', refused, refused, 'written'],
      nothingElse: true,
      clean: true,
    });
  });

  it('continues when there is room again', async () => {
    const outcome = await report(`${HELPERS}
      import { truncateSync } from 'node:fs';
      const [large, next] = [exposures(180), exposures(150)];
      const outcomes = [await attempt(large), await attempt(next)];
      truncateSync(path);
      outcomes.push(await attempt(next));
      console.log(JSON.stringify({ outcomes, all: isSame(inFile(), ids(next)) }));`);
    expect(outcome).toEqual({
      outcomes: ['written', expect.stringContaining('could be written'), 'written'],
      all: true,
    });
  });

  it('leaves only whole lines if others append to the file too', async () => {
    const outcome = await report(`${HELPERS}
      const other = JSON.stringify({ id: 'other' }) + '\\n';
      const [first, large] = [exposures(50), exposures(1000)];
      await write(first);
      appendFileSync(path, other);
      await attempt(exposures(1));
      const before = inFile().length;
      const outcomes = [await attempt(large), await attempt(large)];
      const [text, have] = [readFileSync(path, 'utf8'), inFile()];
      const cut = have.slice(before);
      console.log(JSON.stringify({
        outcomes,
        kept: have.includes('other') && ids(first).every((id) => have.includes(id)),
        some: cut.length > 20 && isSame(cut, ids(large).slice(0, cut.length)),
        end: /\\n +$/.test(text),
      }));`);
    const refused = expect.stringMatching(/could be written|EFBIG|ENOSPC/) as unknown;
    expect(outcome).toEqual({ outcomes: [refused, refused], kept: true, some: true, end: true });
  });
});
