import cookieParser from 'cookie-parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import nunjucks from 'nunjucks';
import { evenhand } from 'evenhand';
import { handlebarsHelpers, nunjucksExtension } from 'evenhand/views';
import { versions } from '../express/harness.ts';
import { RawServer } from '../http/raw-server.ts';
import { closing } from '../closing.ts';
import { experiment } from '../assignment/build.ts';

/** The variants by experiment, or the name of the exception that makes each response a 500. */
type Variants = Readonly<Record<string, string>> | string;

/** Results of Django Cravensworth for `Cookie` headers, whose characters are bytes, and for template tags. */
const vectors = JSON.parse(
  readFileSync(join(__dirname, '../vectors/cravensworth-web.json'), 'utf8'),
) as {
  readonly experiments: readonly object[];
  readonly keys: readonly { readonly cookie: string | null; readonly key: string | null }[];
  readonly overrides: readonly { readonly cookie: string; readonly variants: Variants }[];
  readonly tags: readonly Readonly<Record<string, string | null>>[];
};

/** The variants without an override. */
const NONE = { user_ab: 'c', j: '0', s: 'y', sw_on: 'on', sw_off: 'off' };

/** Override cookies that Evenhand reads differently; `docs/cravensworth.md` has the reasons. */
const DIFFERENT: Readonly<Record<string, Variants>> = {
  '__cw=user_ab%3Aa': { ...NONE, user_ab: 'a' },
  '__cw=user_ab:a%20sw_on:off': { ...NONE, user_ab: 'a', sw_on: 'off' },
  '__cw=user_ab': NONE,
  '__cw=user_ab a:b': NONE,
  [`__cw=user_ab:a ${'x:y '.repeat(1100)}`]: NONE,
};

/** A text that Evenhand uses as the key, as it is. Anything else becomes 32 hexadecimal digits. */
const SAFE = /^(?![=+@])[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}$/;

const parsers = [
  ['without cookie-parser', undefined],
  ['with cookie-parser', cookieParser()],
  ['with cookie-parser and a secret', cookieParser('secret')],
] as const;

describe.each(versions)('cookies as Cravensworth reads them on Express $version', ({ express }) => {
  describe.each(parsers)('%s', (_with, parser) => {
    let server: RawServer;

    beforeAll(async () => {
      const app = express();
      if (parser !== undefined) app.use(parser);
      const { experiments } = vectors;
      app.use(closing(evenhand({ source: [...experiments, byKey], logger: false })));
      app.get('/key', (req, res) => {
        res.json(req.experiments.explain('by_key').identity?.text);
      });
      app.get('/variants', (req, res) => {
        const { by_key: _unused, ...variants } = req.experiments.variants();
        res.json(Object.fromEntries(Object.keys(NONE).map((name) => [name, variants[name]])));
      });
      server = new RawServer(app);
      await server.start();
    });

    const ask = async (path: string, cookie: string | null) => {
      const { body } = await server.ask(path, cookie === null ? [] : [`Cookie: ${cookie}`]);
      return JSON.parse(body) as unknown;
    };

    it('give the same tracking key if its characters are harmless', async () => {
      const isSame = vectors.keys.filter(({ key }) => key !== null && SAFE.test(key));
      expect(isSame.length).toBeGreaterThan(15);
      const keys = await Promise.all(isSame.map(({ cookie }) => ask('/key', cookie)));
      expect(keys).toEqual(isSame.map(({ key }) => key));
    });

    it('give one hexadecimal tracking key for any other text, at each request', async () => {
      const others = vectors.keys.filter(
        ({ key }) => key !== null && key !== '' && !SAFE.test(key),
      );
      expect(others.length).toBeGreaterThan(5);
      for (const { cookie } of others) {
        const key = await ask('/key', cookie);
        expect(key).toMatch(/^[0-9a-f]{32}$/);
        expect(await ask('/key', cookie)).toBe(key);
      }
    });

    it('give a new tracking key if there is none, or an empty one', async () => {
      for (const { cookie, key } of vectors.keys) {
        if (key !== null && key !== '') continue;
        expect(await ask('/key', cookie)).not.toBe(await ask('/key', cookie));
      }
    });

    it('force the same variants', async () => {
      const forced = await Promise.all(
        vectors.overrides.map(({ cookie }) => ask('/variants', cookie)),
      );
      expect(vectors.overrides.map(({ cookie }, i) => [cookie, forced[i]])).toEqual(
        vectors.overrides.map(({ cookie, variants }) => [cookie, DIFFERENT[cookie] ?? variants]),
      );
    });
  });
});

/** An experiment by the tracking key. */
const byKey = experiment({ name: 'by_key', identity: 'anonymous' });

/** The tags as blocks of each engine, by the names in the vectors. */
const BLOCKS: Readonly<Record<'nunjucks' | 'handlebars', Readonly<Record<string, string>>>> = {
  nunjucks: {
    switchon: '{% switchon name %}A{% else %}B{% endswitchon %}',
    switchoff: '{% switchoff name %}A{% else %}B{% endswitchoff %}',
    'switchon alone': '{% switchon name %}A{% endswitchon %}',
    'switchoff alone': '{% switchoff name %}A{% endswitchoff %}',
    variant: '{% variant name, "a", "b" %}A{% elsevariant "c" %}B{% else %}C{% endvariant %}',
  },
  handlebars: {
    switchon: '{{#switchon name}}A{{else}}B{{/switchon}}',
    switchoff: '{{#switchoff name}}A{{else}}B{{/switchoff}}',
    'switchon alone': '{{#if (switchon name)}}A{{/if}}',
    'switchoff alone': '{{#if (switchoff name)}}A{{/if}}',
    variant:
      '{{#variant name "a" "b"}}A{{else}}{{#variant name "c"}}B{{else}}C{{/variant}}{{/variant}}',
  },
};

type Render = (template: string, locals: object) => string;

const environment = new nunjucks.Environment();
environment.addExtension('evenhand', nunjucksExtension());
const handlebars = Handlebars.create();
handlebars.registerHelper(handlebarsHelpers());

const engines: readonly (readonly ['nunjucks' | 'handlebars', Render])[] = [
  ['nunjucks', (template, locals) => environment.renderString(template, locals)],
  ['handlebars', (template, locals) => handlebars.compile(template)(locals)],
];

describe.each(engines)('the tags of Cravensworth in %s', (engine, render) => {
  it.each(versions)('show the same on Express $version', async ({ express }) => {
    const app = express();
    app.use(closing(evenhand({ source: [...vectors.experiments], logger: false })));
    app.get('/:name', (req, res) => {
      const locals = { ...res.locals, name: req.params.name };
      res.json(Object.entries(BLOCKS[engine]).map(([tag, text]) => [tag, render(text, locals)]));
    });
    const server = new RawServer(app);
    await server.start();
    expect(vectors.tags.length).toBeGreaterThan(10);
    for (const { experiment, cookie, ...shown } of vectors.tags) {
      const lines = cookie == null ? [] : [`Cookie: ${cookie}`];
      const { body } = await server.ask(`/${experiment}`, lines);
      expect([experiment, cookie, Object.fromEntries(JSON.parse(body) as [])]).toEqual([
        experiment,
        cookie,
        shown,
      ]);
    }
  });
});
