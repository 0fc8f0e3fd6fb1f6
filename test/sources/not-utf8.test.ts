import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createClient, httpSource, settingsSource } from 'evenhand';
import { objectArgument } from '../../src/cli/arguments/json-argument.ts';
import { readConfig } from '../../src/cli/files/config-file.ts';
import { readContextRow } from '../../src/workbench/simulate/input/context-rows.ts';
import { testHost } from '../cli/test-host.ts';
import { TestServer } from './http/http-server.ts';

/** A specification whose seed has a letter; buckets would change if it was replaced. */
const TEXT = JSON.stringify([
  {
    name: 'a',
    identity: 'user.id',
    seed: 'Grün',
    variants: [{ name: 'on' }, { name: 'off' }],
    audiences: [{ allocations: [{ variant: 'on', percent: 100 }] }],
  },
]);
const COLUMN = TEXT.indexOf('ü') + 1;

const encodings = [
  [
    'Latin-1',
    Buffer.from(TEXT, 'latin1'),
    `line 1, column ${COLUMN}: the byte 0xfc is not UTF-8; save the file as UTF-8`,
  ],
  ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'the file is UTF-16; save it as UTF-8'],
] as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-'));
  path = join(folder, 'experiments.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each(encodings)('a file in %s', (_encoding, bytes, reason) => {
  beforeEach(() => {
    writeFileSync(path, bytes);
  });

  it('is refused as a source, alone and with others', () => {
    for (const source of [path, settingsSource({ files: [path] })]) {
      expect(() => createClient({ source })).toThrow(`experiments file ${path}: ${reason}`);
    }
  });

  it('is refused as a change of a file', async () => {
    writeFileSync(path, TEXT);
    const client = createClient({ source: path, logger: false });
    writeFileSync(path, bytes);
    await expect(client.reload()).rejects.toThrow(`experiments file ${path}: ${reason}`);
    expect(client.participant({ user: { id: 1 } }).variant('a')).toBe('on');
    await client.close();
  });

  it.each(['cacheFile', 'bootstrap'])('is refused as %s', async (option) => {
    const warnings: string[] = [];
    const logger = { warn: (line: string) => void warnings.push(line), error: () => {} };
    const source = { name: 'down', load: () => Promise.reject(new Error('down')) };
    const client = createClient({ source, logger, [option]: path });
    await expect(client.ready()).rejects.toThrow('down');
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    await client.close();
  });

  it('is refused by the command line as a file, @file and standard input', async () => {
    const host = testHost({ cwd: folder });
    await expect(readConfig(host, path)).rejects.toThrow(`${path}: ${reason}`);
    expect(() => objectArgument(host, '--context', `@${path}`)).toThrow(`${path}: ${reason}`);
    const piped = { ...host, stdin: { isTTY: false, stream: Readable.from([bytes]) } };
    await expect(readConfig(piped, '-')).rejects.toThrow(`(standard input): ${reason}`);
  });

  it('is reported in a file of contexts', () => {
    expect(readContextRow({ index: 0, bytes })).toEqual({
      kind: 'broken',
      message: reason.replace('line 1, ', ''),
    });
  });

  it('is refused as a response', async () => {
    const server = await new TestServer().start();
    server.handler = (_req, res) => res.setHeader('content-type', 'application/json').end(bytes);
    const { signal } = new AbortController();
    const shown = reason.replace('save', 'serve').replace('the file', 'the answer');
    await expect(httpSource(server.url()).load({ signal })).rejects.toMatchObject({
      code: 'source',
      message: `${server.url()}: ${shown}`,
    });
    await server.stop();
  });
});
