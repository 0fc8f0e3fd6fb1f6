// Inputs worth keeping, one JSON string a line.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');

/** Where the corpus of a target is. */
export function corpusFile(target) {
  return join(folder, 'corpus', `${target}.jsonl`);
}

/** The kept inputs of a target. */
export function readCorpus(target) {
  const file = corpusFile(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Puts inputs in place of a target's corpus, the shortest first. */
export function writeCorpus(target, inputs) {
  const lines = inputs
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((input) => `${JSON.stringify(input)}\n`);
  writeFileSync(corpusFile(target), lines.join(''));
}

/** Keeps an input that broke something in a folder, with what it broke. Gives the file's path. */
export function writeCrash(dir, target, finding) {
  mkdirSync(dir, { recursive: true });
  const hash = createHash('sha256').update(finding.input).digest('hex').slice(0, 12);
  const file = join(dir, `${target}-${hash}.json`);
  writeFileSync(file, `${JSON.stringify(finding, null, 2)}\n`);
  return file;
}
