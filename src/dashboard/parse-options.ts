import { OptionError } from '../errors/usage-errors.ts';
import {
  checkOptions,
  checks,
  isObject,
  type OptionCheck,
  type OptionChecks,
} from '../options/check-options.ts';
import { isBasePath } from './routes/place.ts';
import { listOf } from '../web/list-option.ts';
import { originIn } from '../web/same-origin.ts';
import type { DashboardOptions } from './options.ts';

/** The options of `dashboard()` with their defaults. */
export interface DashboardSettings extends DashboardOptions {
  readonly allowIps: readonly string[];
  readonly readOnly: boolean;
  readonly redact: NonNullable<DashboardOptions['redact']>;
  readonly trustedOrigins: readonly string[];
  readonly environment: string;
  readonly pageSize: number;
  readonly timeZone: string;
}

const WHERE = 'dashboard()';

const MIN_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 1000;
const DEFAULT_PAGE_SIZE = 100;

/** The most characters of the texts in the header. */
const MAX_TEXT = 100;

/** The methods of a workspace. */
const WORKSPACE = ['read', 'write', 'changes', 'at'];

const CONTEXT_PATH = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*$/;

/** Options of other parts of Evenhand that people look for here, and where they are. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  [
    'metrics',
    'metrics are declared in experiments.config.json, under "metrics"; see docs/analysis.md',
  ],
  ['records', 'the stored exposures are read through the option "analysis"'],
]);

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const shortText: OptionCheck = {
  expected: `a text of 1 to ${MAX_TEXT} characters`,
  accepts: (value) => isText(value) && value.trim() !== '' && value.length <= MAX_TEXT,
};

const contextPaths = listOf('', (path) => CONTEXT_PATH.test(path));

const dashboardChecks: OptionChecks = new Map<string, OptionCheck>([
  ['allow', checks.aFunction],
  ['allowIps', listOf('a list of addresses and CIDR ranges', () => true)],
  ['author', checks.aFunction],
  ['apiAuthor', checks.aFunction],
  [
    'store',
    {
      expected: 'a store such as fileStore("experiments.config.json")',
      accepts: (value) =>
        isObject(value) &&
        [['read', 'put'], WORKSPACE].some((names) => names.every((name) => isMethod(value, name))),
    },
  ],
  ['readOnly', checks.aBoolean],
  ['onChange', checks.aFunction],
  ['usage', { expected: 'the path of a file', accepts: (value) => isText(value) && value !== '' }],
  ['name', shortText],
  ['environment', shortText],
  [
    'redact',
    {
      expected: 'a list of context paths such as "user.email", or a function',
      accepts: (value) => checks.aFunction.accepts(value) || contextPaths.accepts(value),
    },
  ],
  [
    'basePath',
    {
      expected: 'a path such as "/admin/experiments", of letters, digits and -._~, or a function',
      accepts: (value) => checks.aFunction.accepts(value) || isBasePath(value),
    },
  ],
  [
    'trustedOrigins',
    listOf(
      'a list of origins such as "https://shop.example", without a path',
      (origin) => originIn(origin) !== undefined && !origin.includes('*'),
    ),
  ],
  [
    'pageSize',
    {
      expected: `a whole number from ${MIN_PAGE_SIZE} to ${MAX_PAGE_SIZE}`,
      accepts: (value) =>
        Number.isInteger(value) && Number(value) >= MIN_PAGE_SIZE && Number(value) <= MAX_PAGE_SIZE,
    },
  ],
  [
    'timeZone',
    {
      expected: 'an IANA time zone such as "Europe/Berlin"',
      accepts: (value) => isText(value) && isTimeZone(value),
    },
  ],
]);

function isMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === 'function';
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/**
 * Checks the options of `dashboard()` and fills in their defaults.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function parseDashboardOptions(given: DashboardOptions = {}): DashboardSettings {
  if (isObject(given)) {
    for (const [name, place] of ELSEWHERE) {
      if (Object.hasOwn(given, name)) {
        throw new OptionError(`${WHERE} has no option ${JSON.stringify(name)}: ${place}`);
      }
    }
  }
  const options = checkOptions(WHERE, given, dashboardChecks);
  const writes = options.readOnly !== true && options.store !== undefined;
  if (writes && options.author === undefined) {
    throw new OptionError(
      `${WHERE}: option "store" needs the option "author", which returns the name for the history: author: (req) => req.user.email`,
    );
  }
  return {
    ...options,
    allowIps: [...(options.allowIps ?? [])],
    readOnly: options.readOnly ?? false,
    redact: options.redact ?? [],
    trustedOrigins: [...(options.trustedOrigins ?? [])],
    environment: options.environment ?? (process.env.NODE_ENV || 'development'),
    pageSize: options.pageSize ?? DEFAULT_PAGE_SIZE,
    timeZone: options.timeZone ?? 'UTC',
  };
}
