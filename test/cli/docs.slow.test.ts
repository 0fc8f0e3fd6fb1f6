import { runConsole } from './console-blocks.ts';
import { GUIDE, REFERENCE, sectionsOf } from './documents.ts';
import { removeProjects } from './project.ts';

afterAll(removeProjects);

describe.each([
  ['docs/cli.md', GUIDE],
  ['docs/cli-reference.md', REFERENCE],
])('%s', (_path, doc) => {
  it.each(sectionsOf(doc))('shows the output of a real shell under $heading', (section) => {
    const commands = section.commands.map(({ command }) => command);
    expect(runConsole(commands, section.makeProject())).toEqual(section.commands);
  });
});
