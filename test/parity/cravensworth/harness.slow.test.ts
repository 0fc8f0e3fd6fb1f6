import { describeWithOriginals } from '../environment/python.ts';
import { type Case, NOBODY, PLAIN } from './case.ts';
import { Django } from './django.ts';
import { ExpressSide } from './express.ts';
import type { Visitor } from './visitors.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const given: Case = {
  ...PLAIN,
  experiments: [
    {
      name: 'by_user',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        { rule: 'country == "SE"', allocations: half },
        { rule: null, allocations: [{ variant: 'b', percent: 100 }] },
      ],
    },
    'search:on',
  ],
  questions: [
    { name: 'by_user', variants: ['a', 'b'], lists: [['a', 'b']] },
    { name: 'search', variants: ['on', 'off'], lists: [['off']] },
  ],
  guards: [{ kind: 'variant', name: 'search', variant: 'off', redirectTo: '/plans' }],
  page: {
    django: '{% load cravensworth %}{% switchon "search" %}A{% else %}B{% endswitchon %}',
    nunjucks: '{% switchon "search" %}A{% else %}B{% endswitchon %}',
    handlebars: '{{#switchon "search"}}A{{else}}B{{/switchon}}',
    ejs: '<% if (isOn("search")) { %>A<% } else { %>B<% } %>',
    data: {},
  },
};

const visitor: Visitor = { ...NOBODY, user: ['object', { id: 7 }], context: { country: 'SE' } };

describeWithOriginals('the Django and the Express application', () => {
  it('give the same answers', async () => {
    const [django, express] = [new Django(), new ExpressSide()];
    for (const side of [django, express]) {
      await side.start();
      await side.use(given);
      const decided = await side.ask('/decisions', visitor);
      expect(JSON.parse(decided.body)).toEqual([
        { is: ['a'], isOneOf: [true], on: false, off: false },
        { is: ['on'], isOneOf: [false], on: true, off: false },
      ]);
      const unknown = await side.ask('/decision/0', { ...visitor, user: ['object', {}] });
      expect([unknown.status, unknown.body]).toEqual([500, expect.stringMatching(/identity/i)]);
      const { status, values } = await side.ask('/guarded/0', visitor);
      expect([status, values('Location')]).toEqual([302, ['/plans']]);
    }
    expect((await django.ask('/page', visitor)).body).toBe('A');
    expect(JSON.parse((await express.ask('/page', visitor)).body)).toEqual({
      nunjucks: 'A',
      handlebars: 'A',
      ejs: 'A',
    });
  });
});
