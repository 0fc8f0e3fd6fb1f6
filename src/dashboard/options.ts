import type { Request } from 'express';
import type { WrittenChange } from './frame/visit.ts';
import type { Right } from './frame/rights.ts';
import type { SpecificationStore } from './store/specification-store.ts';
import type { Workspace } from './store/workspace.ts';

/** An answer of the option `allow`. Anything else, and every error, answers 404. */
export type DashboardAccess = 'write' | 'read' | boolean | readonly Right[] | undefined;

/** Options of `dashboard()`. */
export interface DashboardOptions {
  /**
   * Returns what a visitor may do: `'write'`, `'read'` (also `true`), or a list of `'switch'`, `'ramp'`,
   * `'edit'` and `'remove'`. A promise is awaited. Everyone else gets 404. @default `'write'` with
   * `NODE_ENV=development`, and outside production for requests from this machine to this machine
   */
  allow?: (req: Request) => DashboardAccess | Promise<DashboardAccess>;
  /** Addresses and CIDR ranges that may read, compared with `req.ip`. @default [] */
  allowIps?: readonly string[];
  /**
   * Returns the visitor's name for the history. A promise is awaited. Visitors without a name only read.
   * Required with `store`.
   */
  author?: (req: Request) => string | undefined | Promise<string | undefined>;
  /**
   * Returns the name of a program whose token your application has verified; undefined for all others. Called
   * for requests that write JSON, which then need not come from a page of this site. @default none
   */
  apiAuthor?: (req: Request) => string | undefined | Promise<string | undefined>;
  /**
   * The place where changes are written: `fileStore('experiments.config.json')`, the store of
   * `createRedisStore()`, or your own object of that form. @default none: the dashboard only reads
   */
  store?: SpecificationStore | Workspace;
  /** `true` renders no form and answers each write with 405. @default false */
  readOnly?: boolean;
  /** Called after each write. Errors are logged. @default none */
  onChange?: (change: WrittenChange, req: Request) => void;
  /** The path of the output of `npx evenhand usage --json`. @default none */
  usage?: string;
  /** The application's name in the header. @default the name in `package.json` */
  name?: string;
  /** The environment in the header; `'production'` asks before each write. @default `NODE_ENV` */
  environment?: string;
  /**
   * Context paths that are shown as "hidden", or a function that returns the value to show.
   * @default []
   */
  redact?: readonly string[] | ((path: string, value: unknown) => unknown);
  /**
   * The public path, or a function that returns it, for a proxy that renames it or removes slashes.
   * @default none: all addresses are relative
   */
  basePath?: string | ((req: Request) => string | undefined);
  /** Origins that may send its forms, for a proxy that changes `Host`. @default [] */
  trustedOrigins?: readonly string[];
  /** Rows a page, [10, 1000]. @default 100 */
  pageSize?: number;
  /** The IANA time zone of all times: `'Europe/Berlin'`. @default 'UTC' */
  timeZone?: string;
}
