import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE } from '../processes/repository.ts';
import { json, TestServer } from './http/http-server.ts';

/** Runs a program that makes a client and does not close it; returns its exit status and output. */
async function run(
  folder: string,
  source: string,
): Promise<{ status: number | null; output: string }> {
  writeFileSync(
    join(folder, 'program.mjs'),
    `
      import { createClient, httpSource, settingsSource } from ${JSON.stringify(PACKAGE.entry)};
      const client = createClient({ source: ${source}, cacheFile: 'cache.json' });
      await client.ready();
      console.log(client.participant().isOn('a'));
    `,
  );
  const child = spawn(process.execPath, [...PACKAGE.flags, 'program.mjs'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { status, output };
}

describe('a client that is not closed', () => {
  let folder: string;
  let server: TestServer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenhand-end-'));
    server = await new TestServer().start();
    server.handler = (_req, res) => json(res, '["a:on"]');
    writeFileSync(join(folder, 'e.json'), '["a:on"]');
  });

  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['watches a file', () => `settingsSource('e.json', { watch: true })`],
    ['polls an address', () => `httpSource(${JSON.stringify(server.url())})`],
  ])('lets the process end when it %s', async (_what, source) => {
    expect(await run(folder, source())).toEqual({ status: 0, output: 'true\n' });
  });
});
