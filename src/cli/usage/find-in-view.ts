import { findHelpers, findUses, type Use } from './find-uses.ts';
import { lexScript } from './lex-script.ts';

/** How the code inside a kind of template is found. */
interface ViewSyntax {
  /** What is to be passed over. */
  readonly comments: RegExp;
  /** Code, in the group `code`. */
  readonly regions: RegExp;
  /** Whether tags and helpers take their arguments without parentheses. */
  readonly helpers: boolean;
}

const EJS: ViewSyntax = {
  comments: /<%#[^]*?%>/g,
  regions: /<%[=\-_]?(?<code>[^]*?)[-_]?%>/dg,
  helpers: false,
};

const NUNJUCKS: ViewSyntax = {
  comments: /\{#[^]*?#\}/g,
  regions: /\{[{%]-?(?<code>[^]*?)-?[}%]\}/dg,
  helpers: true,
};

const HANDLEBARS: ViewSyntax = {
  comments: /\{\{~?!--[^]*?--~?\}\}|\{\{~?![^]*?\}\}/g,
  regions: /\{\{\{?~?[#^/]?(?<code>[^]*?)~?\}?\}\}/dg,
  helpers: true,
};

/** Pug mixes text and code in one line, so each line is looked through for calls. */
const PUG: ViewSyntax = {
  comments: /^([ \t]*)\/\/[^\n]*(?:\n(?:\1[ \t]+[^\n]*|[ \t]*(?=\n)))*/gm,
  regions:
    /\b(?<code>(?:isVariant|isOn|isOff|variant)\s*\((?:[^()'"`\n]|'[^'\n]*'|"[^"\n]*"|`[^`]*`)*\))/dg,
  helpers: false,
};

const SYNTAXES = new Map<string, readonly ViewSyntax[]>([
  ['.ejs', [EJS]],
  ['.pug', [PUG]],
  ['.njk', [NUNJUCKS]],
  ['.nunjucks', [NUNJUCKS]],
  ['.hbs', [HANDLEBARS]],
  ['.handlebars', [HANDLEBARS]],
  // An .html may be of either kind.
  ['.html', [NUNJUCKS, HANDLEBARS]],
]);

/** The extensions of views. */
export const VIEW_EXTENSIONS: ReadonlySet<string> = new Set(SYNTAXES.keys());

/** The uses in a view. */
export function findInView(source: string, extension: string): Use[] {
  const found = new Map<number, Use>();
  for (const syntax of SYNTAXES.get(extension) ?? []) {
    for (const use of findBy(syntax, source)) found.set(use.start, use);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function findBy({ comments, regions, helpers }: ViewSyntax, source: string): Use[] {
  // As long as before, so that places stay.
  const text = source.replaceAll(comments, (comment) => comment.replaceAll(/[^\n]/g, ' '));
  return [...text.matchAll(regions)].flatMap(({ groups, indices }) => {
    const tokens = lexScript(groups?.['code'] ?? '');
    const uses = [...findUses(tokens), ...(helpers ? findHelpers(tokens) : [])];
    const from = indices?.groups?.['code']?.[0] ?? 0;
    // In a view the functions are Evenhand's.
    return uses.map((use) => ({ ...use, start: use.start + from, certain: true }));
  });
}
