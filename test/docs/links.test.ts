import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

const textOf = (document: string) => readFileSync(join(root, document), 'utf8');

/** All documents that people read, by their paths. */
const ALL_DOCUMENTS = ['.', 'docs', 'docs/decisions', 'bench', 'examples'].flatMap((directory) =>
  readdirSync(join(root, directory))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(directory, name)),
);

/** The text of a document without its code. */
const proseOf = (document: string) => textOf(document).replaceAll(/^```[^]*?^```$/gm, '');

/** The anchors of a document's headings, as GitHub writes them. */
function anchorsOf(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a document to other documents and files, each with its anchor. */
function linksOf(document: string): { path: string; anchor: string }[] {
  return [...proseOf(document).matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)].map(
    ([, path = '', anchor = '']) => ({
      path: path === '' ? document : join(dirname(document), path),
      anchor,
    }),
  );
}

describe('the documents', () => {
  it.each(ALL_DOCUMENTS)('%s links only to files and headings that exist', (document) => {
    const broken = linksOf(document).filter(
      ({ path, anchor }) =>
        !existsSync(join(root, path)) || (anchor !== '' && !anchorsOf(path).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });
});

describe('docs/README.md', () => {
  it('links to every document', () => {
    const linked = new Set(linksOf('docs/README.md').map(({ path }) => path));
    const documents = ALL_DOCUMENTS.filter((path) => dirname(path) === 'docs');
    expect(documents.filter((path) => !linked.has(path))).toEqual(['docs/README.md']);
  });
});
