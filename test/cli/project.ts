import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary directory in which a command runs; `removeProjects()` removes it. */
export interface Project {
  readonly path: string;
  /** Returns the text of a file in the directory. */
  read(file: string): string;
  write(file: string, text: string): void;
}

const made: string[] = [];

/** Creates a directory with these files. */
export function makeProject(files: Readonly<Record<string, string>>): Project {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'evenhand-cli-')));
  made.push(path);
  const project: Project = {
    path,
    read: (file) => readFileSync(join(path, file), 'utf8'),
    write: (file, text) => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
  };
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  return project;
}

/** Removes all directories of `makeProject()`; for `afterAll`. */
export function removeProjects(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}
