import { printable, printableLines } from '../../../src/cli/output/printable.ts';
import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

/** What commands a terminal: escape sequences, in seven bits and in eight, and directions. */
const HOSTILE = 'a\u001b[31mb\u009b31mc\u202ed\u2066e\u0007f\u200bg\ufeffh';
const SHOWN = 'a\ufffd[31mb\ufffd31mc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh';

describe('printable', () => {
  it('shows what can’t be printed as a replacement character', () => {
    expect(printable(HOSTILE)).toBe(SHOWN);
    expect(printable('a\tb\nc\r\nd')).toBe('a b c  d');
    expect(printable('größe 漢 😀 →')).toBe('größe 漢 😀 →');
  });

  it('can keep the lines of a text', () => {
    expect(printableLines(`${HOSTILE}\n  ^`)).toBe(`${SHOWN}\n  ^`);
  });
});

describe('what a command prints', () => {
  it.each([
    ['validate', []],
    ['explain', [HOSTILE]],
    ['explain', ['e', '--context', `"${HOSTILE}"`]],
    ['explain', ['e', '--context', `{"user": {"id": "${HOSTILE}"}}`]],
    ['rollout', ['e', '--variant', HOSTILE, '--to', '1']],
    ['simulate', [HOSTILE]],
    ['switch', ['e', 'on', '--audience', HOSTILE]],
    ['usage', [HOSTILE]],
    ['diff', [HOSTILE, HOSTILE]],
    [HOSTILE, []],
  ])('by %s has nothing in it that commands the terminal', async (command, args) => {
    const bad = { name: HOSTILE, variants: [{ name: HOSTILE }], [HOSTILE]: HOSTILE };
    const good = {
      name: 'e',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          allocations: [
            { variant: 'a', percent: 50 },
            { variant: 'b', percent: 50 },
          ],
        },
      ],
    };
    const file = JSON.stringify(command === 'validate' ? [bad, good, HOSTILE] : [good]);
    const host = testHost({ cwd: makeProject({ 'experiments.config.json': file }).path });
    await run([command, ...args], host);
    const printed = host.out() + host.err();
    expect(printed).not.toBe('');
    expect(printed.split('\n').map(printable)).toEqual(printed.split('\n'));
  });
});
