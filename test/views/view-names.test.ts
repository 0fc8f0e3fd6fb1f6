import ejs from 'ejs';
import { engine as handlebarsEngine } from 'express-handlebars';
import type { Express } from 'express';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nunjucks from 'nunjucks';
import pug from 'pug';
import request from 'supertest';
import { evenhand, type EvenhandOptions } from 'evenhand';
import { handlebarsHelpers, nunjucksExtension } from 'evenhand/views';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';

const NAMES = ['variant', 'isVariant', 'isOn', 'isOff'] as const;

/** The values that a view shows: the application's, or `function`. */
const shown = (text: string) => text.replaceAll(/\s/g, '').split(',');

/** A view that shows the four names, and then asks through `evenhand`. */
const VIEWS = {
  ejs: `${NAMES.map((name) => `<%= typeof ${name} === 'function' ? 'function' : ${name} %>`).join(',')},<%= evenhand.variant('button') %>`,
  pug: `= [${NAMES.map((name) => `typeof ${name} === 'function' ? 'function' : ${name}`).join(',')}].join(',') + ',' + evenhand.variant('button')`,
  njk: `${NAMES.map((name) => `{{ 'function' if ${name} is callable else ${name} }}`).join(',')},{{ evenhand.variant('button') }}{% variant 'button', 'bold' %}{% switchon 'banner' %}{% switchoff 'chat' %}!{% endswitchoff %}{% endswitchon %}{% endvariant %}`,
  hbs: `${NAMES.map((name) => `{{kind this.${name}}}`).join(',')},{{variant 'button'}}{{#variant 'button' 'bold'}}{{#switchon 'banner'}}{{#switchoff 'chat'}}!{{/switchoff}}{{/switchon}}{{/variant}}`,
};

type Engine = keyof typeof VIEWS;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-views-'));
  for (const [engine, text] of Object.entries(VIEWS)) {
    writeFileSync(join(folder, `page.${engine}`), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

function useEngine(app: Express, engine: Engine): void {
  app.set('views', folder);
  app.set('view engine', engine);
  if (engine === 'ejs') app.engine('ejs', ejs.renderFile);
  if (engine === 'pug') app.engine('pug', pug.renderFile);
  if (engine === 'njk') {
    const env = nunjucks.configure(folder, { express: app });
    env.addExtension('evenhand', nunjucksExtension());
  }
  if (engine === 'hbs') {
    const kind = (value: unknown) => (typeof value === 'function' ? 'function' : value);
    const helpers = { ...handlebarsHelpers(), kind };
    app.engine('hbs', handlebarsEngine({ extname: 'hbs', defaultLayout: false, helpers }));
  }
}

const source = [
  {
    name: 'button',
    identity: 'random',
    variants: [{ name: 'bold' }, { name: 'plain' }],
    audiences: [{ allocations: [{ variant: 'bold', percent: 100 }] }],
  },
  'banner:on',
  'chat:off',
];

describe.each(versions)('names in views on Express $version', ({ express }) => {
  /** Renders the page of an application. */
  async function page(
    engine: Engine,
    prepare: (app: Express) => void = () => {},
    options: EvenhandOptions = {},
  ): Promise<string[]> {
    const app = express();
    useEngine(app, engine);
    prepare(app);
    app.use(closing(evenhand({ source, ...options })));
    app.get('/', (_req, res) => res.render('page'));
    const { status, text } = await request(app).get('/');
    expect([status, text]).toEqual([200, expect.any(String)]);
    return shown(text);
  }

  describe.each(Object.keys(VIEWS) as Engine[])('%s', (engine) => {
    const answer = engine === 'njk' || engine === 'hbs' ? 'bold!' : 'bold';
    const withValue = (own: string) => [
      ...NAMES.map((name) => (name === own ? 'XL' : 'function')),
      answer,
    ];

    it('are those of Evenhand', async () => {
      expect(await page(engine)).toEqual(withValue('none'));
    });

    it.each(NAMES)('stay the application’s: app.locals.%s', async (name) => {
      const setUp = (app: Express) => Object.assign(app.locals, { [name]: 'XL' });
      expect(await page(engine, setUp)).toEqual(withValue(name));
    });

    it.each(NAMES)('stay the application’s: res.locals.%s, set before', async (name) => {
      const setUp = (app: Express) =>
        app.use((_req, res, next) => {
          Object.assign(res.locals, { [name]: 'XL' });
          next();
        });
      expect(await page(engine, setUp)).toEqual(withValue(name));
    });

    it('work for helpers and tags whatever the names mean', async () => {
      const own = Object.fromEntries(NAMES.map((name) => [name, 'XL']));
      const setUp = (app: Express) => Object.assign(app.locals, own);
      expect(await page(engine, setUp)).toEqual(['XL', 'XL', 'XL', 'XL', answer]);
    });

    it('are free with viewNames: false', async () => {
      const own = Object.fromEntries(NAMES.map((name) => [name, 'free']));
      const setUp = (app: Express) => Object.assign(app.locals, own);
      const free = NAMES.map(() => 'free');
      expect(await page(engine, setUp, { viewNames: false })).toEqual([...free, answer]);
    });
  });

  it('can be others', async () => {
    const app = express();
    const viewNames = { variant: 'abVariant', isOff: false } as const;
    app.use(closing(evenhand({ source, viewNames })));
    app.get('/', (_req, res) => {
      const renamed = res.locals['abVariant'] as (name: string) => string;
      res.json([Object.keys(res.locals), renamed('button')]);
    });
    expect((await request(app).get('/')).body).toEqual([
      ['evenhand', 'isVariant', 'isOn', 'abVariant'],
      'bold',
    ]);
  });

  it('are none but "evenhand" with viewNames: false', async () => {
    const app = express();
    app.use(closing(evenhand({ source, viewNames: false })));
    app.get('/', (_req, res) => res.json(Object.keys(res.locals)));
    expect((await request(app).get('/')).body).toEqual(['evenhand']);
  });

  it('leave an application’s own "evenhand" as it is', async () => {
    const app = express();
    Object.assign(app.locals, { evenhand: 'mine' });
    app.use(closing(evenhand({ source })));
    app.get('/', (_req, res) => res.json([Object.keys(res.locals), res.locals.variant('button')]));
    expect((await request(app).get('/')).body).toEqual([
      ['isVariant', 'isOn', 'isOff', 'variant'],
      'bold',
    ]);
  });

  it.each(['with', 'without'])(
    'are the application’s in a mounted application that has its own, %s experiments',
    async (experiments) => {
      const outer = express();
      outer.use(closing(evenhand({ source })));
      outer.use((_req, res, next) => {
        res.locals.variant('button');
        next();
      });
      const mounted = express();
      Object.assign(mounted.locals, { variant: 'XL' });
      if (experiments === 'with') mounted.use(closing(evenhand({ source })));
      const names = (res: { locals: object }) => Object.keys(res.locals);
      mounted.get('/', (_req, res) => res.json(names(res)));
      outer.use('/mounted', mounted);
      outer.use((_req, res) => res.json(names(res)));
      const others = ['evenhand', 'isVariant', 'isOn', 'isOff'];
      // The first request finds the response's prototype as Express made it.
      await request(outer).get('/');
      expect((await request(outer).get('/mounted')).body).toEqual(others);
      expect((await request(outer).get('/')).body).toEqual([...others, 'variant']);
    },
  );

  it('replace nothing that the application sets after the middleware', async () => {
    const app = express();
    app.use(closing(evenhand({ source })));
    app.get('/', (_req, res) => {
      Object.assign(res.locals, { variant: 'mine', isOn: 'mine' });
      res.json([res.locals.variant, res.locals.isOn, res.locals.isOff('chat')]);
    });
    for (let i = 0; i < 2; i++) {
      expect((await request(app).get('/')).body).toEqual(['mine', 'mine', true]);
    }
  });
});
