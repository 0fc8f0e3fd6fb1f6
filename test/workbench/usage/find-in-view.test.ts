import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findInView } from '../../../src/workbench/usage/find-in-view.ts';

const FIXTURES = join(__dirname, '../../fixtures/views');

/** Formats uses as `call name variants`, or `misplaced` if the offset is not that of the name. */
function uses(source: string, extension: string): string[] {
  return findInView(source, extension).map(({ call, name = '?', variants, start }) => {
    if (!source.startsWith(name, start + 1)) return 'misplaced';
    return [call, name, ...variants].join(' ');
  });
}

describe('findInView', () => {
  it.each([
    [
      '.ejs',
      "isOn('no') <% if (isOn('a')) { %>It's<%- isVariant('b', ['c', 'd']) %><% } %>",
      ['isOn a', 'isVariant b c d'],
    ],
    ['.ejs', "<%# isOn('a') %><%= variant('b') -%>", ['variant b']],
    [
      '.pug',
      "p It's #{variant('a')}\n//- if isOn('b')\n     isOn('c')\nif isOff('d')\n  p(class=isOn('e') ? 'x' : 'y')",
      ['variant a', 'isOff d', 'isOn e'],
    ],
    ['.pug', "// p isOn('a')\n\n  isOn('b')\nif isVariant('c', ['d', \"e\"])", ['isVariant c d e']],
    [
      '.njk',
      "isOn('no') {{ 'x' if isOn('a') }}{# isOn('b') #}{%- if isVariant('c', 'd') -%}",
      ['isOn a', 'isVariant c d'],
    ],
    [
      '.njk',
      "{% variant 'a', 'b', 'c' %}{% elsevariant 'd' %}{% switchon \"e\" %}{% switchoff 'f' %}",
      ['variant a b c', 'switchon e', 'switchoff f'],
    ],
    ['.nunjucks', "{{ variant('a') }}", ['variant a']],
    [
      '.hbs',
      '{{#variant "a" "b" \'c\'}}x{{else variant "d" "e"}}y{{/variant}}',
      ['variant a b c', 'variant d e'],
    ],
    [
      '.hbs',
      '{{!-- {{variant "a"}} --}}{{! variant "b" }}{{~#if (switchon "c")~}}{{{variant "d"}}}{{~/if~}}',
      ['switchon c', 'variant d'],
    ],
    ['.handlebars', '{{#switchoff "a"}}{{/switchoff}}', ['switchoff a']],
    [
      '.html',
      '{% switchon "a" %}{{#variant "b" "c"}}{{ isOn("d") }}',
      ['switchon a', 'variant b c', 'isOn d'],
    ],
    ['.txt', "isOn('a')", []],
  ])('finds the uses in a view %s: %j', (extension, source, found) => {
    expect(uses(source, extension)).toEqual(found);
  });

  it.each(['ejs', 'hbs', 'njk', 'pug'])('finds the uses in the %s views of the tests', (folder) => {
    const names = readdirSync(join(FIXTURES, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(folder))
      .flatMap((file) => uses(readFileSync(join(FIXTURES, folder, file), 'utf8'), `.${folder}`))
      .map((use) => use.split(' ')[1]);
    expect(new Set(names)).toEqual(new Set(['banner', 'button', 'chat', 'no_such_test']));
  });

  it.each(['<%', '{{', '{%', '{#', '{{!--', '<%#', '//'])(
    'stops early on a text of repeated %s',
    (open) => {
      const source = open.repeat(200_000);
      for (const extension of ['.ejs', '.njk', '.hbs', '.pug', '.html']) {
        expect(findInView(source, extension)).toEqual([]);
      }
    },
  );
});
