import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Block } from './readme-blocks.ts';

/**
 * Runs the tests of a `describe` in a temporary folder with the files that a document shows.
 *
 * @returns a function that returns the folder's path while the tests run
 */
export function inFolderOf(blocks: readonly Block[]): () => string {
  const before = process.cwd();
  let folder = '';

  beforeAll(() => {
    folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'evenhand-docs-')));
    process.chdir(folder);
    for (const { file, text } of blocks) {
      if (file === undefined) continue;
      fs.mkdirSync(dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  });

  afterAll(() => {
    process.chdir(before);
    fs.rmSync(folder, { recursive: true });
  });

  return () => folder;
}
