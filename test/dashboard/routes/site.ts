import type express5 from 'express';
import type { Express, RequestHandler } from 'express';
import type {
  FormDefinition,
  PageDefinition,
} from '../../../src/dashboard/frame/page-definition.ts';
import { type AccessSetup, createGate } from '../../../src/dashboard/routes/access.ts';
import { createRouter } from '../../../src/dashboard/routes/router.ts';
import type { RoutesSetup } from '../../../src/dashboard/routes/routes-setup.ts';
import { StoreError } from '../../../src/index.ts';
import { onceLogger } from '../../../src/runtime/logger.ts';
import { html } from '../../../src/ui/html.ts';
import { fieldOf } from '../../../src/web/form-body.ts';
import { Lines } from '../../express/harness.ts';
import { visitOf } from '../fixtures/visit.ts';

/** The list, one experiment, and pages that go wrong. */
const PAGES: readonly PageDefinition<{ readonly name: string }>[] = [
  {
    path: '',
    tab: 'experiments',
    data: ({ query }) => ({ name: query.get('q') ?? 'all' }),
    render: ({ name }) => ({ title: 'Experiments', body: html`<p id="shown">${name}</p>` }),
  },
  {
    path: 'experiments/:name',
    tab: 'experiments',
    data: ({ params, snapshot }) =>
      snapshot.has(params['name'] ?? '') ? { name: params['name'] ?? '' } : undefined,
    render: ({ name }, { link, rights }) => ({
      title: name,
      body: rights.has('ramp')
        ? html`<form method="post" action="${link(`experiments/${name}/ramp`)}"></form>`
        : html``,
    }),
  },
  { path: 'history', tab: 'history', data: () => ({ name: 'x'.repeat(5000) }), render: shown },
  { path: 'history/:revision/undo', tab: 'history', data: () => ({ name: 'undo' }), render: shown },
  { path: 'new', tab: 'experiments', right: 'edit', data: () => ({ name: 'new' }), render: shown },
  {
    path: 'down',
    tab: 'history',
    data: () => Promise.reject(new StoreError('PostgreSQL did not answer within 5 s')),
    render: shown,
  },
  {
    path: 'broken',
    tab: 'history',
    data: () => ({ name: 'a' }),
    render() {
      throw new TypeError('secret <detail>');
    },
  },
];

function shown({ name }: { readonly name: string }) {
  return { title: name.slice(0, 20), body: html`<p id="shown">${name}</p>` };
}

/** The forms: one that ramps, one that proposes, one that is sent back, and one that fails. */
const FORMS: readonly FormDefinition[] = [
  {
    path: 'experiments/:name/ramp',
    tab: 'experiments',
    right: 'ramp',
    async submit({ params, author }, fields) {
      const name = params['name'] ?? '';
      return {
        kind: 'saved',
        to: `experiments/${name}`,
        query: { to: fieldOf(fields, 'to') },
        notice: `${author} ramped ${name}.`,
        revision: 419,
        part: { kind: 'experiment', name },
        before: '{}',
        after: '{"a":1}',
      };
    },
  },
  {
    path: 'experiments/:name/edit',
    tab: 'experiments',
    right: 'edit',
    maxBytes: 100,
    submit: async (_visit, fields) => ({
      kind: 'proposed',
      to: '',
      notice: 'Proposed.',
      href: fieldOf(fields, 'href') ?? 'https://git.example/pull/7',
    }),
  },
  {
    path: 'new',
    tab: 'experiments',
    right: 'edit',
    submit: async (_visit, fields) => ({
      kind: 'again',
      status: 422,
      problems: [{ field: 'json', message: 'expected a name' }],
      page: { title: 'New', body: html`<textarea>${fieldOf(fields, 'json') ?? ''}</textarea>` },
      data: { version: 12 },
    }),
  },
  {
    path: 'broken',
    tab: 'history',
    right: 'switch',
    submit: () => Promise.reject(new TypeError('secret <detail>')),
  },
];

/** The parts of a site that a test sets. */
export interface SiteParts extends Partial<AccessSetup>, Partial<RoutesSetup> {
  readonly mount?: string;
  readonly before?: readonly RequestHandler[];
}

/** An application that mounts the dashboard's routes, and the lines it logs. */
export function site(
  express: typeof express5,
  { mount = '/experiments', before = [], ...parts }: SiteParts = {},
): { readonly app: Express; readonly lines: Lines } {
  const lines = new Lines();
  const app = express();
  app.use(...before, (_req, _res, next) => next());
  app.use(mount, routes(lines, parts));
  return { app, lines };
}

/** The dashboard's routes alone. */
export function routes(lines: Lines, parts: SiteParts = {}): RequestHandler {
  const once = onceLogger(lines);
  const { board } = visitOf();
  const canWrite = parts.canWrite ?? true;
  const access = {
    allow: () => 'write',
    allowIps: [],
    author: () => 'ada',
    apiAuthor: undefined,
    once,
    ...parts,
    canWrite,
  };
  return createRouter({
    pages: PAGES,
    forms: FORMS,
    gate: createGate(access),
    board: () => board,
    trustedOrigins: [],
    basePath: undefined,
    stylesheet: 'body { color: red }'.repeat(100),
    script: 'void 0;',
    once,
    now: () => Date.now(),
    ...parts,
    canWrite,
  });
}

/** The headers of a form that a page of the same site sends. */
export const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };
