import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Block } from './readme-blocks.ts';

const root = join(__dirname, '../..');

/** Packages that the examples import. */
const PACKAGES = ['cookie-parser', 'express', 'handlebars', 'nunjucks', 'supertest', '@types'];

/**
 * Creates a reader's project with the files of a document, the package and what the examples import.
 *
 * @param port stands in the files for 3000
 * @returns the folder's path; the caller removes it
 */
export function makeProject(blocks: readonly Block[], port: number): string {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'evenhand-docs-')));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/evenhand'));
  for (const name of PACKAGES) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  for (const { file, text } of blocks) {
    if (file !== undefined) writeInProject(project, file, text, port);
  }
  return project;
}

/** Writes a file of a document into a reader's project. */
export function writeInProject(project: string, file: string, text: string, port: number): void {
  writeFileSync(join(project, file), text.replaceAll('3000', String(port)));
}

/** Returns a port of this machine that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
