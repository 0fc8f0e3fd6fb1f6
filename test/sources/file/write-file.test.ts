import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../src/sources/file/write-file.ts';
import { SourceError } from '../../../src/errors/store-errors.ts';
import { makeProject, type Project, removeProjects } from '../../cli/project.ts';

let project: Project;
let path: string;

beforeEach(() => {
  project = makeProject({ 'file.json': 'old' });
  path = join(project.path, 'file.json');
});

afterAll(removeProjects);

describe('writeFileAtomically', () => {
  it('replaces the text and leaves no temporary file', () => {
    writeFileAtomically(path, 'new', { shown: 'file.json', madeFrom: 'old' });
    expect(project.read('file.json')).toBe('new');
    expect(readdirSync(project.path)).toEqual(['file.json']);
  });

  it('replaces the file without changing it for current readers', () => {
    const before = statSync(path).ino;
    writeFileAtomically(path, 'new', { shown: 'file.json' });
    expect(statSync(path).ino).not.toBe(before);
  });

  it('keeps the file’s permissions', () => {
    chmodSync(path, 0o640);
    writeFileAtomically(path, 'new', { shown: 'file.json' });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('says what to do if the directory does not exist', () => {
    const missing = join(project.path, 'missing/file.json');
    expect(() => writeFileAtomically(missing, 'new', { shown: 'missing/file.json' })).toThrow(
      "can't write missing/file.json: its directory does not exist; create it first",
    );
    expect(existsSync(join(project.path, 'missing'))).toBe(false);
  });

  it('follows a link', () => {
    const link = join(project.path, 'link.json');
    symlinkSync('file.json', link);
    writeFileAtomically(link, 'new', { shown: 'link.json' });
    expect(project.read('file.json')).toBe('new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it.each([
    ['was changed', 'older'],
    ['was made', null],
  ])('writes nothing if the file %s in the meantime', (_what, madeFrom) => {
    const write = () => writeFileAtomically(path, 'new', { shown: 'my.json', madeFrom });
    expect(write).toThrow(
      new SourceError(
        'my.json was changed by someone else in the meantime, so nothing was written; try again',
      ),
    );
    expect(project.read('file.json')).toBe('old');
    expect(readdirSync(project.path)).toEqual(['file.json']);
  });

  it('writes nothing if the file is not UTF-8', () => {
    writeFileSync(path, Buffer.from([0x22, 0xe9, 0x22]));
    const read = readFileSync(path, 'utf8');
    const write = () => writeFileAtomically(path, 'new', { shown: 'my.json', madeFrom: read });
    expect(write).toThrow('my.json is not UTF-8, so nothing was written');
    expect(readFileSync(path)).toEqual(Buffer.from([0x22, 0xe9, 0x22]));
  });

  it('creates a new file', () => {
    const other = join(project.path, 'other.json');
    writeFileAtomically(other, 'new', { shown: 'other.json', madeFrom: null });
    expect(project.read('other.json')).toBe('new');
  });
});
