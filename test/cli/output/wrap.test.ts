import { wrap } from '../../../src/cli/output/wrap.ts';
import { run } from '../../../src/cli/program.ts';
import { textOf } from '../../workbench/warnings/warned.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const terminal = (columns: number) => ({ ...testHost({ cwd: '/' }).stdout, isTTY: true, columns });
const LONG = 'one two three four five six seven eight nine ten';

describe('wrap', () => {
  it('breaks long lines at spaces, so that they fit beside the margin', () => {
    expect(wrap(LONG, terminal(26), 2)).toBe('one two three four five\nsix seven eight nine ten');
    expect(wrap(LONG, terminal(25), 2)).toBe('one two three four five\nsix seven eight nine\nten');
  });

  it('keeps lines that fit, empty lines, and the lines of an excerpt', () => {
    const excerpt = `  ${LONG}\n  ^^^`;
    expect(wrap(`short\n\n${excerpt}`, terminal(22), 0)).toBe(`short\n\n${excerpt}`);
  });

  it('keeps words that are longer than the line', () => {
    const long = 'x'.repeat(50);
    expect(wrap(`a ${long} b`, terminal(22), 0)).toBe(`a\n${long}\nb`);
  });

  it('leaves the text as it is in a pipe and in a very narrow terminal', () => {
    expect(wrap(LONG, testHost({ cwd: '/' }).stdout, 2)).toBe(LONG);
    expect(wrap(LONG, terminal(15), 2)).toBe(LONG);
  });

  it('is how validate prints long messages in a terminal', async () => {
    const rule = 'country in ("CA") and user.plan == pro';
    const { path } = makeProject({ 'a.json': textOf({ identity: 'userId', rules: [rule] }) });
    const host = testHost({ cwd: path, isTTY: true });
    await run(['validate', 'a.json'], host);
    const lines = host.out().split('\n');
    const messages = lines.filter((line) => /^ {2}[^ ]/.test(line) && !line.includes(' | '));
    expect(messages.length).toBeGreaterThan(6);
    for (const line of messages) expect(line.length).toBeLessThanOrEqual(80);
  });
});
