import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findFiles } from '../../../src/workbench/usage/find-files.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';

afterAll(removeProjects);

const files = (...paths: string[]) =>
  makeProject(Object.fromEntries(paths.map((path) => [path, '']))).path;

describe('findFiles', () => {
  it('finds scripts and views in the order of their names', () => {
    const scripts = ['a.js', 'b.mjs', 'c.cjs', 'd.jsx', 'e.ts', 'f.mts', 'g.cts', 'h.tsx'];
    const views = ['i.ejs', 'j.pug', 'k.njk', 'l.nunjucks', 'm.hbs', 'n.handlebars', 'o.html'];
    const root = files(...views, ...scripts, 'p/q.JS', 'readme.md', 'a.css', 'e.d.ts', 'e.d.mts');
    expect(findFiles(root, '.')).toEqual([...scripts, ...views, 'p/q.JS']);
  });

  it('returns paths in the form in which they were given', () => {
    const root = files('src/a.js', 'src/b/c.js');
    expect(findFiles(join(root, 'src'), 'src/')).toEqual(['src/a.js', 'src/b/c.js']);
    expect(findFiles(join(root, 'src/a.js'), './src/a.js')).toEqual(['./src/a.js']);
  });

  it('skips everything that is not the application’s code', () => {
    const root = files(
      'a.js',
      'node_modules/x/b.js',
      'dist/c.js',
      'build/d.js',
      'coverage/e.js',
      '.git/f.js',
      'src/node_modules/g.js',
      'src/.cache/h.js',
    );
    expect(findFiles(root, '.')).toEqual(['a.js']);
  });

  it('accepts any file that is named explicitly', () => {
    const root = files('dist/a.txt');
    expect(findFiles(join(root, 'dist/a.txt'), 'dist/a.txt')).toEqual(['dist/a.txt']);
  });

  it('skips names from .gitignore in its folder and below', () => {
    const project = makeProject({
      '.gitignore': '# ours\n\nout/\n*.min.js\ngenerated\n!a.min.js\n/rooted\nx/*.js\r\ntmp*old/\n',
      'a.js': '',
      'a.min.js': '',
      'out/b.js': '',
      'src/out/b.js': '',
      'src/generated': '',
      'src/generated.js': '',
      'src/rooted/c.js': '',
      'x/d.js': '',
      'tmp-very-old/e.js': '',
      'tmpold/f.js': '',
      'src/inner/.gitignore': 'g.js',
      'src/inner/g.js': '',
      'src/g.js': '',
    });
    expect(findFiles(project.path, '.')).toEqual([
      'a.js',
      'src/g.js',
      'src/generated.js',
      'src/rooted/c.js',
      'x/d.js',
    ]);
  });

  it('does not follow links, which may form cycles', () => {
    const root = files('src/a.js');
    mkdirSync(join(root, 'other'));
    symlinkSync(root, join(root, 'src/round'), 'junction');
    expect(findFiles(root, '.')).toEqual(['src/a.js']);
  });

  it('skips large files', () => {
    const project = makeProject({ 'a.js': 'x'.repeat(2_000_001), 'b.js': 'x'.repeat(2_000_000) });
    expect(findFiles(project.path, '.')).toEqual(['b.js']);
  });

  it('reports a missing folder', () => {
    expect(() => findFiles('/no/such/folder', 'folder')).toThrow('folder: no such file');
  });

  it('ignores a folder called .gitignore', () => {
    const root = files('.gitignore/a.js', 'b.js');
    expect(findFiles(root, '.')).toEqual(['b.js']);
  });
});
