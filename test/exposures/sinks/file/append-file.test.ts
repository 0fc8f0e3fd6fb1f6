import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendFile } from '../../../../src/exposures/sinks/file/append-file.ts';
import { repairTail } from '../../../../src/exposures/sinks/file/repair-tail.ts';
import { identityOf } from '../../../../src/exposures/sinks/file/open-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-append-'));
const path = join(folder, 'file.ndjson');

afterAll(() => rmSync(folder, { recursive: true }));

const content = (): string => readFileSync(path, 'utf8');

describe('AppendFile', () => {
  const said: string[] = [];
  let file: AppendFile;

  beforeEach(async () => {
    said.length = 0;
    writeFileSync(path, '{"id":"old"}\n');
    file = await AppendFile.open(path, 0o640, (what) => said.push(what));
  });

  afterEach(() => file.close());

  /** Appends like another process, after this one has read the file's size. */
  const peer = (text: string): void => appendFileSync(path, text);

  it('appends after the lines that another process appends at the same time', async () => {
    await file.repair();
    peer('{"id":"peer"}\n');
    await file.append(Buffer.from('{"id":1}\n'));
    expect(content()).toBe('{"id":"old"}\n{"id":"peer"}\n{"id":1}\n');
    expect(said).toEqual([]);
  });

  it('erases an incomplete line of another process before its own lines', async () => {
    await file.repair();
    peer('{"id":"peer"}\n{"id":"to');
    await file.append(Buffer.from('{"id":1}\n{"id":2}\n'));
    expect(content()).toBe('{"id":"old"}\n{"id":"peer"}\n         {"id":1}\n{"id":2}\n');
    expect(said).toEqual([expect.stringContaining('an incomplete line of 9 bytes')]);
  });

  it('erases only the incomplete line if others have appended before and after it', async () => {
    await file.repair();
    peer('{"id":"a"}\n{"id":"to');
    const handleWrite = file.append(Buffer.from('{"id":1}\n'));
    await handleWrite;
    peer('{"id":"b"}\n');
    await file.repair();
    await file.append(Buffer.from('{"id":2}\n'));
    expect(
      content()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['{"id":"old"}', '{"id":"a"}', '{"id":1}', '{"id":"b"}', '{"id":2}', '']);
  });

  it('keeps bytes that are not part of a record', async () => {
    await file.repair();
    peer('plain text ');
    await file.append(Buffer.from('{"id":1}\n'));
    expect(content()).toBe('{"id":"old"}\nplain text {"id":1}\n');
  });

  it('continues in a file that is truncated at the same time', async () => {
    await file.repair();
    truncateSync(path);
    await file.append(Buffer.from('{"id":1}\n'));
    await file.repair();
    await file.append(Buffer.from('{"id":2}\n'));
    expect(content()).toBe('{"id":1}\n{"id":2}\n');
  });
});

describe('repairTail', () => {
  const repaired = async (before: string, meanwhile: string): Promise<string[]> => {
    writeFileSync(path, before);
    const said: string[] = [];
    const real = await open(path, 'a+');
    let isFirst = true;
    /** Simulates another process that keeps writing. */
    const handle = new Proxy(real, {
      get(target, name) {
        if (name !== 'write') {
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return (text: string) => {
          if (isFirst) appendFileSync(path, meanwhile);
          isFirst = false;
          return target.write(text);
        };
      },
    });
    const identity = identityOf(await real.stat({ bigint: true }));
    await repairTail({ path, handle, identity }, (what) => said.push(what));
    await real.close();
    return said;
  };

  it('waits for a line that another process is still writing', async () => {
    expect(await repaired('{"id":1}\n{"id":', '2}\n')).toEqual([]);
    expect(content()).toBe('{"id":1}\n{"id":2}\n ');
  });

  it('erases a line that another process leaves incomplete while it waits', async () => {
    expect(await repaired('{"id":1}\n{"id":', '"to')).toHaveLength(2);
    expect(content()).toMatch(/^\{"id":1\}\n *$/);
  });

  it('leaves a line to the process that has appended it to an incomplete one', async () => {
    expect(await repaired('{"id":1}\n{"id":', '{"id":2}\n')).toEqual([]);
    expect(content()).toBe('{"id":1}\n{"id":{"id":2}\n ');
  });

  it('does nothing to a file that was replaced', async () => {
    writeFileSync(path, '{"id":1}\n{"to');
    const handle = await open(path, 'a+');
    const { dev, ino } = identityOf(await handle.stat({ bigint: true }));
    await repairTail({ path, handle, identity: { dev, ino: ino + 1n } }, () => {});
    await handle.close();
    expect(content()).toBe('{"id":1}\n{"to ');
  });
});
