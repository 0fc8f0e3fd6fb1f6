import { printable, printableLines } from '../../../src/cli/output/printable.ts';
import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';
import { experiment } from '../../assignment/build.ts';

afterAll(removeProjects);

/** Texts that control a terminal: escape sequences with seven and eight bits, and direction marks. */
const HOSTILE = 'a\u001b[31mb\u009b31mc\u202ed\u2066e\u0007f\u200bg\ufeffh';
const SHOWN = 'a\ufffd[31mb\ufffd31mc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh';

describe('printable', () => {
  it('replaces unprintable characters', () => {
    expect(printable(HOSTILE)).toBe(SHOWN);
    expect(printable('a\tb\nc\r\nd')).toBe('a b c  d');
    expect(printable('größe 漢 😀 →')).toBe('größe 漢 😀 →');
  });

  it('keeps line breaks in printableLines', () => {
    expect(printableLines(`${HOSTILE}\n  ^`)).toBe(`${SHOWN}\n  ^`);
  });
});

describe('the output of a command', () => {
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
  ])('contains no escape sequences: %s', async (command, args) => {
    const bad = { name: HOSTILE, variants: [{ name: HOSTILE }], [HOSTILE]: HOSTILE };
    const good = experiment({ name: 'e' });
    const file = JSON.stringify(command === 'validate' ? [bad, good, HOSTILE] : [good]);
    const host = testHost({ cwd: makeProject({ 'experiments.config.json': file }).path });
    await run([command, ...args], host);
    const printed = host.out() + host.err();
    expect(printed).not.toBe('');
    expect(printed.split('\n').map(printable)).toEqual(printed.split('\n'));
  });
});
