import * as fc from 'fast-check';
import type { Guard, Page } from '../case.ts';

/** A part of a page. Texts are single letters, so that every page shows which parts were rendered. */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'each'; readonly parts: readonly Part[] }
  | {
      readonly kind: 'variant';
      readonly name: Argument;
      readonly branches: readonly {
        readonly variants: readonly Argument[];
        readonly parts: readonly Part[];
      }[];
      readonly otherwise: readonly Part[] | null;
    }
  | {
      readonly kind: 'switchon' | 'switchoff';
      readonly name: Argument;
      readonly parts: readonly Part[];
      readonly otherwise: readonly Part[] | null;
    };

/** A text, or a variable of the page's data. */
interface Argument {
  readonly text: string;
  readonly isVariable: boolean;
}

/** The data of all pages: names and variants, some of them in lists. */
const DATA = {
  names: ['e0', 'sw_on', 'nothing', 'e1'],
  name: 'e1',
  some: ['a', 'on', 'v1'],
  none: [],
  one: 'off',
};

const text = (one: string): Argument => ({ text: one, isVariable: false });
const variable = (one: string): Argument => ({ text: one, isVariable: true });

const names = fc.constantFrom(
  ...['e0', 'e1', 'e2', 'sw_on', 'sw_off', 'nothing'].map(text),
  variable('name'),
);
const variants = fc.constantFrom(
  ...['a', 'b', 'c', 'on', 'off', 'x', 'constructor'].map(text),
  ...['some', 'none', 'one'].map(variable),
);

const parts = fc.letrec<{ list: readonly Part[] }>((tie) => {
  const list = tie('list');
  const some = fc.array(variants, { minLength: 1, maxLength: 3 });
  const otherwise = fc.option(list);
  const part = fc.oneof(
    // Deeper loops would render thousands of parts.
    { depthSize: 'small', maxDepth: 3 },
    fc.record({
      kind: fc.constant('text' as const),
      text: fc.constantFrom(...'A B C D E F G H'.split(' ')),
    }),
    fc.record({
      kind: fc.constant('variant' as const),
      name: names,
      branches: fc.array(fc.record({ variants: some, parts: list }), {
        minLength: 1,
        maxLength: 3,
      }),
      otherwise,
    }),
    fc.record({
      kind: fc.constantFrom('switchon' as const, 'switchoff' as const),
      name: names,
      parts: list,
      otherwise,
    }),
    fc.record({ kind: fc.constant('each' as const), parts: list }),
  );
  return { list: fc.array(part, { maxLength: 4 }) };
}).list;

/** Writes the parts of a page in the language of an engine. */
type Writer = (list: readonly Part[]) => string;

const shownIn = (argument: Argument) =>
  argument.isVariable ? argument.text : JSON.stringify(argument.text);

/** A tag with percent signs: Django separates arguments with spaces, Nunjucks with commas. */
function percentWriter(gap: string, otherBranch: string): Writer {
  const list = (some: readonly Argument[]) => some.map(shownIn).join(gap);
  const write: Writer = (all) => all.map(one).join('');
  const orElse = (some: readonly Part[] | null) =>
    some === null ? '' : `{% else %}${write(some)}`;
  const one = (part: Part): string => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'each') return `{% for name in names %}${write(part.parts)}{% endfor %}`;
    if (part.kind !== 'variant') {
      const { kind, name } = part;
      const open = `{% ${kind} ${shownIn(name)} %}`;
      return `${open}${write(part.parts)}${orElse(part.otherwise)}{% end${kind} %}`;
    }
    const branches = part.branches.map(({ variants: some, parts: body }, i) => {
      const tag = i === 0 ? `variant ${shownIn(part.name)}${gap}` : `${otherBranch} `;
      return `{% ${tag}${list(some)} %}${write(body)}`;
    });
    return `${branches.join('')}${orElse(part.otherwise)}{% endvariant %}`;
  };
  return write;
}

/** Handlebars has no branches after the first, so they are blocks in `{{else}}`. */
function handlebars(all: readonly Part[], isInside = false): string {
  const shown = ({ text: one, isVariable }: Argument) => {
    if (!isVariable) return JSON.stringify(one);
    return isInside && one === 'name' ? 'this' : `@root.${one}`;
  };
  const write = (some: readonly Part[]) => handlebars(some, isInside);
  const orElse = (some: readonly Part[] | null) => (some === null ? '' : `{{else}}${write(some)}`);
  return all
    .map((part): string => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'each')
        return `{{#each @root.names}}${handlebars(part.parts, true)}{{/each}}`;
      const { kind, name } = part;
      if (kind !== 'variant') {
        return `{{#${kind} ${shown(name)}}}${write(part.parts)}${orElse(part.otherwise)}{{/${kind}}}`;
      }
      return part.branches.reduceRight(
        (rest, { variants: some, parts: body }) =>
          `{{#variant ${[name, ...some].map(shown).join(' ')}}}${write(body)}${rest === '' ? '' : `{{else}}${rest}`}{{/variant}}`,
        write(part.otherwise ?? []),
      );
    })
    .join('');
}

const ejs: Writer = (all) => all.map(ejsOf).join('');

function ejsOf(part: Part): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'each') return `<% for (const name of names) { %>${ejs(part.parts)}<% } %>`;
  const orElse = part.otherwise === null ? '' : `<% } else { %>${ejs(part.otherwise)}`;
  const name = shownIn(part.name);
  if (part.kind !== 'variant') {
    const test = part.kind === 'switchon' ? `isOn(${name})` : `!isOn(${name})`;
    return `<% if (${test}) { %>${ejs(part.parts)}${orElse}<% } %>`;
  }
  const branches = part.branches.map(
    ({ variants: some, parts: body }) =>
      `if (isVariant(${name}, [${some.map(shownIn).join(', ')}].flat())) { %>${ejs(body)}`,
  );
  return `<% ${branches.join('<% } else ')}${orElse}<% } %>`;
}

const django = percentWriter(' ', 'elif');
const nunjucks = percentWriter(', ', 'elsevariant');

/** Pages with nested tags, branches and loops, in all languages. */
export const pages: fc.Arbitrary<Page> = parts.map((list) => ({
  django: `{% load cravensworth %}${django(list)}`,
  nunjucks: nunjucks(list),
  handlebars: handlebars(list),
  ejs: ejs(list),
  data: DATA,
}));

const ADDRESSES = [
  ['/', '/plans', '/a?b=c&d=%20#e', '/Zoë', '/%zz', '/100%', "/it's", '/a+b', '/(a)', '/[a]'],
  [
    '/a|b',
    '/a^b',
    '/a"b',
    '/<b>',
    '/a`b',
    '/{a}',
    '/a~b',
    '/a:b@c',
    '/?next=//evil.example',
    '?a=b',
  ],
  ['https://example.org', 'http://example.org/a/../b', 'https://example.org/?q=é', '/漢字/😀'],
].flat();

/** Guards of routes, with and without redirects. */
export const guards: fc.Arbitrary<Guard> = fc.record({
  kind: fc.constantFrom('variant', 'switch_on', 'switch_off'),
  name: fc.constantFrom('e0', 'e1', 'e2', 'sw_on', 'sw_off', 'nothing'),
  variant: fc.oneof(
    fc.constantFrom('a', 'b', 'on', 'off', 'x'),
    fc.array(fc.constantFrom('a', 'b', 'c', 'on', 'v1', 'x'), { minLength: 1, maxLength: 4 }),
  ),
  redirectTo: fc.constantFrom(null, ...ADDRESSES),
});
