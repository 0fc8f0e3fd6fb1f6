import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, type Command, commandsOf } from '../docs/readme-blocks.ts';
import { makeProject } from './project.ts';
import { ROOT } from './run-cli.ts';

const textOf = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');

export const GUIDE = textOf('cli.md');
export const REFERENCE = textOf('cli-reference.md');

/** Splits a document into the text before the first heading and its sections. */
const partsOf = (doc: string) => doc.split(/^(?=## )/m);

/** The guide's introduction, whose file both documents use. */
const [introduction = ''] = partsOf(GUIDE);

/** A section of a document that shows commands. */
export interface Section {
  readonly heading: string;
  readonly commands: readonly Command[];
  /** Creates a directory with the files of the introduction and of this section; returns its path. */
  makeProject(): string;
}

/** The sections of a document. The commands of `postgres` need a server: postgres-docs.server.test.ts. */
export function sectionsOf(doc: string): Section[] {
  return partsOf(doc)
    .slice(1)
    .filter((section) => !section.startsWith('## postgres\n'))
    .map((section) => ({
      heading: /^## (.*)/.exec(section)?.[1] ?? '',
      commands: blocksOf(section)
        .filter(({ language }) => language === 'console')
        .flatMap(commandsOf),
      makeProject() {
        const files = [introduction, section]
          .flatMap(blocksOf)
          .flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
        return makeProject(Object.fromEntries(files)).path;
      },
    }));
}
