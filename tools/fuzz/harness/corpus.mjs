// The inputs worth keeping, one JSON string per line.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');

/** Returns the path of a target's corpus. */
export function corpusFile(target) {
  return join(folder, 'corpus', `${target}.jsonl`);
}

/** Returns the kept inputs of a target. */
export function readCorpus(target) {
  const file = corpusFile(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Replaces a target's corpus, the shortest input first. */
export function writeCorpus(target, inputs) {
  const lines = inputs
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((input) => `${JSON.stringify(input)}\n`);
  writeFileSync(corpusFile(target), lines.join(''));
}

/** Writes an input that broke something to a folder, with its error. Returns the file's path. */
export function writeCrash(dir, target, finding) {
  mkdirSync(dir, { recursive: true });
  const hash = createHash('sha256').update(finding.input).digest('hex').slice(0, 12);
  const file = join(dir, `${target}-${hash}.json`);
  writeFileSync(file, `${JSON.stringify(finding, null, 2)}\n`);
  return file;
}
