import ejs from 'ejs';
import express5, { type Express } from 'express';
import { engine as handlebarsEngine } from 'express-handlebars';
import nunjucks from 'nunjucks';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import pug from 'pug';
import request from 'supertest';
import { evenhand } from 'evenhand';
import { handlebarsHelpers, nunjucksExtension, scriptJson } from 'evenhand/views';
import { Lines, showError, versions } from '../express/harness.ts';

const VIEWS = join(__dirname, '../fixtures/http/views');

/** Strings with a special meaning in HTML, JavaScript, JSON or a template engine. */
const hostile = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '<img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  ']]>&lt;&amp;',
  '\u2028alert(1)\u2029',
  '${alert(1)}`\\',
  '<%= 1 %>{{constructor}}{% raw %}#{1}!{1}',
  '\0\x01\x7f\u0085\ud800',
  '__proto__',
];

const engines: readonly [string, string, (app: Express) => void][] = [
  ['EJS', 'ejs', (app) => app.engine('ejs', ejs.renderFile)],
  ['Pug', 'pug', (app) => app.engine('pug', pug.renderFile)],
  [
    'Nunjucks',
    'njk',
    (app) => {
      const env = nunjucks.configure(join(VIEWS, 'njk'), { express: app, autoescape: true });
      env.addExtension('evenhand', nunjucksExtension());
    },
  ],
  [
    'Handlebars',
    'hbs',
    (app) => {
      const options = {
        extname: 'hbs',
        helpers: handlebarsHelpers(),
        defaultLayout: false as const,
      };
      app.engine('hbs', handlebarsEngine(options));
    },
  ],
];

/** Returns a specification with a hostile string in its values, seed, description and rule. */
function specificationOf(text: string): object[] {
  return [
    {
      name: 'hostile',
      identity: 'user.id',
      seed: text,
      description: text,
      variants: [{ name: 'a', value: { title: text, text, ['__proto__']: text } }, { name: 'b' }],
      audiences: [
        {
          rule: `user.plan != ${JSON.stringify(`${text.replaceAll(/[\0\ud800]/g, '')}x`)}`,
          allocations: [
            { variant: 'a', percent: 99 },
            { variant: 'b', percent: 1 },
          ],
        },
        { allocations: [{ variant: 'a', percent: 100 }] },
      ],
    },
  ];
}

function appFor(text: string, engine: string, setUp: (app: Express) => void): Express {
  const app = express5();
  setUp(app);
  app.set('views', join(VIEWS, engine));
  app.set('view engine', engine);
  app.locals['scriptJson'] = scriptJson;
  app.use((req, _res, next) => {
    Object.assign(req, { user: { id: text, plan: text, name: text } });
    next();
  });
  app.use(evenhand({ source: specificationOf(text), logger: false }));
  app.get('/page', (req, res) => {
    const explained = req.experiments.explain('hostile');
    const value = req.experiments.value('hostile');
    res.render('page', { name: 'hostile', explained, value, json: JSON.stringify(explained) });
  });
  app.get('/json', (req, res) => {
    res.json([req.experiments.explain('hostile'), req.experiments.value('hostile')]);
  });
  app.use(showError);
  return app;
}

describe.each(engines)('a page rendered by %s', (_name, engine, setUp) => {
  it.each(hostile)(
    'shows values, explanations and user data as text, not as markup: %j',
    async (text) => {
      const app = appFor(text, engine, setUp);
      const { status, text: html } = await request(app).get('/page');
      expect(status).toBe(200);
      const [, markup = '', script = ''] = /^([^]*)<script>([^]*?)<\/script>\s*$/.exec(html) ?? [];
      // Only the elements and attributes of the template.
      const tags = markup.match(/<[^>]*>/g) ?? [];
      expect(tags.map((tag) => tag.replaceAll(/"[^"]*"/g, '""').replaceAll(/\s+/g, ' '))).toEqual([
        expect.stringMatching(/^<main (title="" class=""|class="" title="")>$/),
        '</main>',
        '<pre>',
        '</pre>',
      ]);
      expect(script).not.toMatch(/[<>\u2028\u2029]/);

      const { body } = await request(app).get('/json');
      const [explained] = body as [object];
      const seen: unknown = runInNewContext(`${script}; JSON.stringify([explained, value])`, {
        alert() {
          throw new Error('the page ran a script');
        },
      });
      // In an object literal, __proto__ sets the prototype instead of a key.
      const read: unknown = JSON.parse(String(seen));
      expect(read).toEqual([explained, { title: text, text }]);
    },
  );
});

describe('a JSON response', () => {
  it.each(hostile)('has the type application/json and contains %j unchanged', async (text) => {
    const { headers, body } = await request(appFor(text, 'ejs', () => {})).get('/json');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const [explained, value] = body as [Record<string, unknown>, Record<string, unknown>];
    expect(explained).toMatchObject({ experiment: 'hostile', seed: text });
    expect(Object.entries(value)).toEqual([
      ['title', text],
      ['text', text],
      ['__proto__', text],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('a specification', () => {
  it.each(hostile.filter((text) => text !== '__proto__'))('cannot contain the name %j', (text) => {
    const ab = [{ name: 'a' }, { name: 'b' }];
    const all = [{ allocations: [{ variant: 'a', percent: 100 }] }];
    const make = (entry: object) => () => evenhand({ source: [entry] });
    for (const entry of [
      { name: text, identity: 'user.id', variants: ab, audiences: all },
      { name: 'x', identity: text, variants: ab, audiences: all },
      { name: 'x', identity: 'user.id', variants: [...ab, { name: text }], audiences: all },
    ]) {
      expect(make(entry)).toThrow(expect.objectContaining({ code: 'spec' }));
    }
  });
});

describe.each(versions)('the middleware on Express $version', ({ express }) => {
  it.each(hostile)('quotes names from a request in log lines: %j', async (text) => {
    const logger = new Lines();
    const app = express();
    app.use(evenhand({ source: ['search:on'], logger }));
    app.get('/', (req, res) => {
      const { name } = req.query as { name: string };
      req.variant(name);
      req.isVariant('search', name);
      req.namespace(name).get(name);
      res.json(req.experiments.explain(name));
    });
    const { status, body } = await request(app).get('/').query({ name: text });
    expect([status, body.reason]).toEqual([200, 'unknown-experiment']);
    expect(logger.warnings).toHaveLength(3);
    for (const line of logger.warnings) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  });

  it('throws errors that the error page of Express shows as text', async () => {
    const app = express();
    app.use(
      evenhand({
        source: specificationOf('x'),
        logger: false,
        contextProvider: () => ({ user: { id: 1 }, '<b>': 1 }),
      }),
    );
    app.get('/', (req, res) => {
      res.send(req.variant('hostile'));
    });
    const { status, text, headers } = await request(app).get('/');
    expect(status).toBe(500);
    expect(headers['content-security-policy']).toBe("default-src 'none'");
    expect(text).toContain('RuleError');
    expect(text.match(/<(?!\/?(?:!DOCTYPE|html|head|meta|title|body|pre|br)\b)/gi)).toBeNull();
  });
});
