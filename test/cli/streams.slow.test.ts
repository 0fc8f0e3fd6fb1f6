import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startCli } from './run-cli.ts';

const CHUNK = Buffer.from(
  `${JSON.stringify({ user: { id: 1 }, padding: 'x'.repeat(10_000) })}\n`.repeat(100),
);
/** 300 MB of contexts. */
const CHUNKS = 300;

/**
 * Prints the greatest size of the process, in kilobytes, when it ends. `maxRSS` would not do on Linux: it
 * begins with the size of the process that started this one.
 */
const MEASURING = `--import=data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync } from 'node:fs';
  const status = '/proc/self/status';
  const peak = () =>
    existsSync(status)
      ? /VmHWM:\\s+(\\d+)/.exec(readFileSync(status, 'utf8'))[1]
      : process.resourceUsage().maxRSS;
  process.on('exit', () => console.error('peak', peak()));
`)}`;

const experiment = (percent: number) => ({
  name: 'half',
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [
    {
      allocations: [
        { variant: 'a', percent },
        { variant: 'b', percent: 100 - percent },
      ],
    },
  ],
});

describe('the memory of a command that reads a stream of contexts', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'streams-'));
    writeFileSync(join(cwd, 'old.json'), JSON.stringify([experiment(50)]));
    writeFileSync(join(cwd, 'new.json'), JSON.stringify([experiment(60)]));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it.each([
    ['simulate', ['simulate', '--file', 'old.json', '--contexts', '-', '--workers', '1']],
    ['diff', ['diff', 'old.json', 'new.json', '--contexts', '-', '--allow']],
  ])('does not grow with the stream: %s', async (_command, args) => {
    const child = startCli(args, { cwd, stdin: undefined, env: { NODE_OPTIONS: MEASURING } });
    const { stdin, stderr } = child;
    if (stdin === null) throw new Error('the child has no standard input');
    let errors = '';
    stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const ended = once(child, 'exit');
    const fed = pipeline(
      Readable.from(
        (function* () {
          for (let i = 0; i < CHUNKS; i++) yield CHUNK;
        })(),
      ),
      stdin,
    ).catch(() => {});
    await ended;
    await fed;
    const [, kilobytes] = /peak (\d+)/.exec(errors) ?? [];
    expect({ errors, grown: Number(kilobytes) > 200_000 }).toEqual({
      errors: `peak ${kilobytes}\n`,
      grown: false,
    });
  });
});
