import type express5 from 'express';
import type { Express, Request } from 'express';
import type { EvenhandOptions } from 'evenhand';
import type { Attention } from '../../../src/express/inspection/attend.ts';
import type { ToolbarOptions } from '../../../src/toolbar/options.ts';
import type {
  ToolbarView,
  ViewedDecision,
  ViewedNamespace,
} from '../../../src/toolbar/view/toolbar-view.ts';
import { toolbarView } from '../../../src/toolbar/view/view.ts';
import { attendedApp } from '../../express/inspection/attended-app.ts';

/** The options of {@link viewedApp}. */
export interface ViewedOptions {
  readonly express: typeof express5;
  readonly options?: EvenhandOptions;
  readonly attention?: Partial<Attention>;
  readonly redact?: ToolbarOptions['redact'];
  /** Uses the decisions of the page. */
  readonly page: (req: Request) => unknown;
  readonly extend?: (app: Express) => void;
}

/** Creates an application with one page, `GET /`, and returns the view of its last request. */
export function viewedApp({
  express,
  options = {},
  attention = {},
  redact,
  page,
  extend = () => {},
}: ViewedOptions): { readonly app: Express; readonly view: () => ToolbarView } {
  let view: ToolbarView | undefined;
  const { app, middleware, last } = attendedApp({
    express,
    options,
    attention,
    extend: (app) => {
      extend(app);
      app.get('/', (req, res) => {
        const shown: unknown = page(req);
        view = toolbarView(last(), { middleware, req, redact });
        res.json(shown ?? null);
      });
    },
  });
  return {
    app,
    view: () => {
      if (view === undefined) throw new Error('no request was viewed');
      return view;
    },
  };
}

/** Returns the view of a used experiment. */
export function usedIn({ used }: ToolbarView, name: string): ViewedDecision {
  const found = used.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not used`);
  return found;
}

/** Returns the view of a used namespace. */
export function namespaceIn({ namespaces }: ToolbarView, name: string): ViewedNamespace {
  const found = namespaces.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not used`);
  return found;
}
