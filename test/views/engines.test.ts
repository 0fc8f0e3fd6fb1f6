import ejs from 'ejs';
import { engine as handlebarsEngine } from 'express-handlebars';
import type { Express } from 'express';
import { handlebarsHelpers, nunjucksExtension, scriptJson } from '../../src/views/index.ts';
import nunjucks from 'nunjucks';
import { join } from 'node:path';
import pug from 'pug';
import request from 'supertest';
import { locals, viewApp, VIEWS } from './view-app.ts';

function useEjs(app: Express): void {
  app.engine('ejs', ejs.renderFile);
  app.set('views', join(VIEWS, 'ejs'));
  app.set('view engine', 'ejs');
  app.locals['scriptJson'] = scriptJson;
}

function usePug(app: Express): void {
  app.engine('pug', pug.renderFile);
  app.set('views', join(VIEWS, 'pug'));
  app.set('view engine', 'pug');
  app.locals['scriptJson'] = scriptJson;
}

function useNunjucks(app: Express): void {
  const env = nunjucks.configure(join(VIEWS, 'njk'), { express: app, autoescape: true });
  env.addExtension('evenhand', nunjucksExtension());
  app.set('view engine', 'njk');
  app.locals['scriptJson'] = scriptJson;
}

function useHandlebars(app: Express): void {
  app.engine('hbs', handlebarsEngine({ extname: 'hbs', helpers: handlebarsHelpers() }));
  app.set('views', join(VIEWS, 'hbs'));
  app.set('view engine', 'hbs');
}

/** The page that all engines render, without white space between elements. */
function expected(variant: string): string {
  return [
    '<main class="banner">',
    variant === 'plain' ? '<p>quiet</p>' : '<p>loud</p>',
    `<ul><li>tea ${variant}</li><li>jam &amp; co ${variant}</li></ul>`,
    '<i>no chat</i>',
    variant === 'bold' ? '<u>&lt;b&gt;</u>' : '',
    '<s>unknown</s>',
    '<script>const page = {"title":"\\u003c/script\\u003e\\u003c!--","unit":"\\u2028"};</script>',
    '</main>',
  ].join('');
}

function squeeze(html: string): string {
  return html.replaceAll(/\s*(<[^>]*>)\s*/g, '$1');
}

describe.each([
  ['EJS', useEjs, 'page'],
  ['Pug', usePug, 'page'],
  ['Nunjucks as it is', useNunjucks, 'plain-page'],
  ['Nunjucks with the tags', useNunjucks, 'tag-page'],
  ['express-handlebars with the helpers', useHandlebars, 'page'],
])('res.render() with %s', (_name, setUp, view) => {
  const app = viewApp(setUp);

  it.each([
    ['1', 'bold'],
    ['2', 'round'],
    ['3', 'plain'],
  ])('shows user %s the variant %s in loops, layouts and included parts', async (user, variant) => {
    const response = await request(app).get(`/page/${view}`).set('x-user', user);
    expect(response.status).toBe(200);
    expect(squeeze(response.text)).toBe(expected(variant));
  });

  it('puts JSON into the script that parses back to the value', async () => {
    const response = await request(app).get(`/page/${view}`).set('x-user', '1');
    const script = /<script>\s*const page = (.*);\s*<\/script>/.exec(response.text);
    expect(JSON.parse(script?.[1] ?? '')).toEqual(locals.page);
  });

  it('fails on a route before the middleware', async () => {
    const response = await request(app).get(`/unmounted/${view}`);
    expect(response.status).toBe(500);
    expect(response.body.message).toMatch(/isVariant|isOn/);
  });
});

describe('the errors of a view without the middleware', () => {
  it('come from the Handlebars helpers as NotMountedError', async () => {
    const response = await request(viewApp(useHandlebars)).get('/unmounted/page');
    expect(response.body).toEqual({
      code: 'not-mounted',
      message: expect.stringMatching(/^Handlebars helper "\w+".*app\.use\(evenhand\(\)\)/),
    });
  });

  it('come from the Nunjucks tags with a remedy', async () => {
    const response = await request(viewApp(useNunjucks)).get('/unmounted/tag-page');
    expect(response.body.message).toContain('put app.use(evenhand()) before the route');
  });
});
