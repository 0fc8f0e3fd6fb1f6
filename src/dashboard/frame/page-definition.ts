import type { Html } from '../../ui/html.ts';
import type { FormFields } from '../../web/form-body.ts';
import type { DocumentPart } from '../store/workspace.ts';
import type { Revision } from '../../specification/types.ts';
import type { Right } from './rights.ts';
import type { Tab } from './tabs.ts';
import type { Visit } from './visit.ts';

/** The part of a page below the header. */
export interface PageBody {
  /** The title of the browser's tab, and the heading. */
  readonly title: string;
  /** One or two sentences below the heading. */
  readonly lead?: Html | string;
  /** The pages above this one, from the outermost. */
  readonly crumbs?: readonly { readonly text: string; readonly href: string }[];
  /** Links and buttons at the right of the heading. */
  readonly actions?: Html;
  readonly body: Html;
}

/** A page. Its data answer requests for JSON as they are, so they are plain and documented. */
export interface PageDefinition<Data extends object = object> {
  /** The path below the mount, with names for open parts: `experiments/:name`. */
  readonly path: string;
  readonly tab: Tab;
  /** The right without which the page answers 404. @default none */
  readonly right?: Right;
  /** Returns the data; undefined answers 404. Rejections of the store answer 503. */
  data(visit: Visit): Promise<Data | undefined> | Data | undefined;
  render(data: Data, visit: Visit): PageBody;
}

/** One problem of a form. */
export interface FieldProblem {
  /** The field's name; undefined if the problem belongs to none. */
  readonly field?: string;
  readonly message: string;
}

/** The answer to a form. */
export type FormOutcome =
  /** Saved: 303 to a page, with a notice there. */
  | {
      readonly kind: 'saved';
      /** The page to go to, from the dashboard's root. */
      readonly to: string;
      readonly query?: Readonly<Record<string, string | number | undefined>>;
      /** The sentence that the next page shows, such as `free_shipping is off.` */
      readonly notice: string;
      readonly revision: Revision;
      readonly part: DocumentPart;
      /** The part as JSON before and after; undefined where it does not exist. */
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  /** Proposed: 303 to the page with the proposal's address. */
  | {
      readonly kind: 'proposed';
      readonly to: string;
      readonly notice: string;
      readonly href?: string;
    }
  /** Not saved: the form again, with what the visitor entered. */
  | {
      readonly kind: 'again';
      /** 409 someone else changed it, 422 problems, 503 the store failed, 400 a broken form. */
      readonly status: 400 | 409 | 422 | 503;
      readonly problems: readonly FieldProblem[];
      readonly page: PageBody;
      /** More for scripts, such as the other change. */
      readonly data?: object;
    };

/** A form that is sent with POST. */
export interface FormDefinition {
  /** The path below the mount: `experiments/:name/ramp`. */
  readonly path: string;
  readonly tab: Tab;
  /** The right that it needs; without it, 403. */
  readonly right: Right;
  /** The most bytes of the form. @default 1,000,000 */
  readonly maxBytes?: number;
  submit(visit: Visit, fields: FormFields): Promise<FormOutcome>;
}
