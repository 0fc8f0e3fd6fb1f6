import { findHelpers, findUses, type Use } from './find-uses.ts';
import { lexScript } from './lex-script.ts';

/** A part of a template that is code or a comment. */
interface Region {
  readonly open: string;
  readonly close: string;
  /** Set for a comment, which is skipped. */
  readonly isComment?: true;
}

/** The syntax of a template language, as far as it is needed to find code. */
interface ViewSyntax {
  /** Of two regions that begin alike, the longer one comes first. */
  readonly regions: readonly Region[];
  /** True if tags and helpers take their arguments without parentheses. */
  readonly helpers: boolean;
}

const EJS: ViewSyntax = {
  regions: [
    { open: '<%#', close: '%>', isComment: true },
    { open: '<%', close: '%>' },
  ],
  helpers: false,
};

const NUNJUCKS: ViewSyntax = {
  regions: [
    { open: '{#', close: '#}', isComment: true },
    { open: '{{', close: '}}' },
    { open: '{%', close: '%}' },
  ],
  helpers: true,
};

const HANDLEBARS: ViewSyntax = {
  regions: [
    { open: '{{!--', close: '--}}', isComment: true },
    { open: '{{~!--', close: '--~}}', isComment: true },
    { open: '{{!', close: '}}', isComment: true },
    { open: '{{~!', close: '}}', isComment: true },
    { open: '{{', close: '}}' },
  ],
  helpers: true,
};

const SYNTAXES = new Map<string, readonly ViewSyntax[]>([
  ['.ejs', [EJS]],
  ['.njk', [NUNJUCKS]],
  ['.nunjucks', [NUNJUCKS]],
  ['.hbs', [HANDLEBARS]],
  ['.handlebars', [HANDLEBARS]],
  // An .html may be of either kind.
  ['.html', [NUNJUCKS, HANDLEBARS]],
]);

const PUG = '.pug';

/** The extensions of views. */
export const VIEW_EXTENSIONS: ReadonlySet<string> = new Set([...SYNTAXES.keys(), PUG]);

/** Finds the uses in a view. */
export function findInView(source: string, extension: string): Use[] {
  if (extension === PUG) return findInPug(source);
  const found = new Map<number, Use>();
  for (const syntax of SYNTAXES.get(extension) ?? []) {
    for (const use of findBy(syntax, source)) found.set(use.start, use);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function findBy({ regions, helpers }: ViewSyntax, source: string): Use[] {
  return codeIn(source, regions).flatMap(({ code, start }) => {
    const tokens = lexScript(code);
    const uses = [...findUses(tokens), ...(helpers ? findHelpers(tokens) : [])];
    return uses.map((use) => inView(use, start));
  });
}

/** Converts a use to the view's offsets; in views, `variant()` is always Evenhand's. */
function inView(use: Use, from: number): Use {
  return { ...use, start: use.start + from, certain: true };
}

interface Code {
  readonly code: string;
  readonly start: number;
}

/** Characters after the opening that are not code: `<%-`, `{{#`, `{{~^`, `{%-`. */
const MARKS = /[=\-_~#^/{]*/y;

function codeIn(source: string, regions: readonly Region[]): Code[] {
  const found: Code[] = [];
  /** The next start of each kind of region; a kind without another start or end is removed. */
  const next = new Map(regions.map((region) => [region, source.indexOf(region.open)]));
  for (let at = 0; ;) {
    for (const [region, index] of next) {
      const current = index !== -1 && index < at ? source.indexOf(region.open, at) : index;
      if (current === -1) next.delete(region);
      else next.set(region, current);
    }
    const region = firstOf(next);
    if (region === undefined) return found;
    const from = (next.get(region) ?? 0) + region.open.length;
    const to = source.indexOf(region.close, from);
    if (to === -1) {
      next.delete(region);
      continue;
    }
    at = to + region.close.length;
    MARKS.lastIndex = from;
    const start = from + (MARKS.exec(source)?.[0].length ?? 0);
    if (!region.isComment) found.push({ code: source.slice(start, to), start });
  }
}

/** Returns the kind of region that begins first; at the same place, the kind that is listed first. */
function firstOf(next: ReadonlyMap<Region, number>): Region | undefined {
  let first: Region | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [region, index] of next) {
    if (index < least) [first, least] = [region, index];
  }
  return first;
}

/** A comment and the more deeply indented lines below it. */
const PUG_COMMENT = /^([ \t]*)\/\/[^\n]*(?:\n(?:\1[ \t]+[^\n]*|[ \t]*(?=\n)))*/gm;

/** A call. Pug mixes text and code in one line, so only whole calls are recognized. */
const PUG_CALL =
  /\b(?:isVariant|isOn|isOff|variant)\s*\((?:[^()'"`\n]|'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)*\)/g;

function findInPug(source: string): Use[] {
  // Comments become spaces of the same length, so that offsets stay valid.
  const text = source.replaceAll(PUG_COMMENT, (comment) => comment.replaceAll(/[^\n]/g, ' '));
  return [...text.matchAll(PUG_CALL)].flatMap(({ 0: call, index }) =>
    findUses(lexScript(call)).map((use) => inView(use, index)),
  );
}
