import { sendPage } from '../../web/page-response.ts';
import { pathOf } from '../../web/public-address.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';
import type { Route, RoutesSetup } from './routes-setup.ts';

/** The most views that are kept. */
const MAX_VIEWS = 50;

/** The time that a view is kept, in milliseconds. */
const KEPT_MS = 60_000;

/** 128 bits: nobody can guess an id. */
const ID_BYTES = 16;

const OK = 200;
const NOT_FOUND = 404;

/** The panel's script inserts what it gets, so the response itself must do nothing. */
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ID = /^[A-Za-z0-9_-]{22}$/;

/** The views of the latest requests of this process that are not pages, by unguessable ids. */
export class KeptViews {
  private readonly now: () => number;
  private readonly views = new Map<
    string,
    { readonly view: ToolbarView; readonly until: number }
  >();

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Keeps a view for 60 seconds, unless 50 newer ones come first. Returns its id. */
  keep(view: ToolbarView): string {
    const now = this.now();
    for (const [id, { until }] of this.views) {
      if (until > now && this.views.size < MAX_VIEWS) break;
      this.views.delete(id);
    }
    const id = nodeCrypto().randomBytes(ID_BYTES).toString('base64url');
    this.views.set(id, { view, until: now + KEPT_MS });
    return id;
  }

  /** Returns the view with an id; undefined if it is gone, or another process has it. */
  find(id: string): ToolbarView | undefined {
    const kept = ID.test(id) ? this.views.get(id) : undefined;
    return kept !== undefined && kept.until > this.now() ? kept.view : undefined;
  }
}

/** Returns the route that shows a kept view: `panel?id=`. */
export function panelRoute(views: KeptViews, { renderLater }: RoutesSetup): Route {
  return {
    methods: ['GET', 'HEAD'],
    run(req, res) {
      const [, query = ''] = pathOf(req).split('?');
      const view = views.find(new URLSearchParams(query).get('id') ?? '');
      const status = view === undefined ? NOT_FOUND : OK;
      sendPage(req, res, { status, html: renderLater(view, req), policy: POLICY });
    },
  };
}
