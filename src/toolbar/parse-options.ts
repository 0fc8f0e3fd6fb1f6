import type { Request, Response } from 'express';
import { OptionError } from '../errors/usage-errors.ts';
import {
  checkOptions,
  checks,
  isObject,
  oneOf,
  type OptionChecks,
} from '../options/check-options.ts';
import { milliseconds } from '../options/numbers.ts';
import { listOf } from '../web/list-option.ts';
import { originIn } from '../web/same-origin.ts';
import type { ShareOptions, ToolbarOptions } from './options.ts';
import { MAX_AGE_MS, MIN_AGE_MS, MIN_SECRET_BYTES } from './share/limits.ts';
import type { ShareSettings } from './share/share-settings.ts';

/** The options of `toolbar()` with their defaults. */
export interface ToolbarSettings {
  readonly allow: ((req: Request) => boolean) | undefined;
  readonly allowIps: readonly string[];
  readonly path: string;
  /** Undefined if there are no share links. */
  readonly share: ShareSettings | undefined;
  readonly redact: NonNullable<ToolbarOptions['redact']>;
  readonly nonce: ((req: Request, res: Response) => string | undefined) | undefined;
  readonly position: NonNullable<ToolbarOptions['position']>;
  readonly dashboard: string | undefined;
  readonly inject: boolean;
  readonly trustedOrigins: readonly string[];
}

const WHERE = 'toolbar()';
const SHARE = 'toolbar({ share })';

const DEFAULT_PATH = '/__evenhand';
const DEFAULT_AGE_MS = 86_400_000;

/** Each secret costs a signature for each link. */
const MAX_SECRETS = 10;

/** Characters that need no encoding, so that the path looks the same everywhere. */
const PATH = /^(?:\/[A-Za-z0-9._~-]+)+$/;
const DOTS = /\/\.{1,2}(?:\/|$)/;

const CONTEXT_PATH = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*$/;

/** A path of this site, or a complete address. */
const ADDRESS = /^(?:\/(?![/\\])|\.{1,2}\/|https?:\/\/[^/\\])[^\s\p{Cc}]*$/u;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const contextPaths = listOf('', (path) => CONTEXT_PATH.test(path));

const toolbarChecks: OptionChecks = new Map([
  ['allow', checks.aFunction],
  ['allowIps', listOf('a list of addresses and CIDR ranges', () => true)],
  [
    'path',
    {
      expected: 'a path such as "/__evenhand", of letters, digits and -._~, without / at the end',
      accepts: (value) => isText(value) && PATH.test(value) && !DOTS.test(value),
    },
  ],
  ['share', checks.anObject],
  [
    'redact',
    {
      expected: 'a list of context paths such as "user.email", or a function',
      accepts: (value) => checks.aFunction.accepts(value) || contextPaths.accepts(value),
    },
  ],
  ['nonce', checks.aFunction],
  ['position', oneOf('bottom-right', 'bottom-left', 'top-right', 'top-left')],
  [
    'dashboard',
    {
      expected: 'a path, or an address that begins with http:// or https://',
      accepts: (value) => isText(value) && ADDRESS.test(value),
    },
  ],
  ['inject', checks.aBoolean],
  [
    'trustedOrigins',
    listOf(
      'a list of origins such as "https://shop.example", without a path',
      (origin) => originIn(origin) !== undefined && !origin.includes('*'),
    ),
  ],
]);

const shareChecks: OptionChecks = new Map([
  [
    'secret',
    {
      expected: `a text of at least ${MIN_SECRET_BYTES} bytes, or a list of 1 to ${MAX_SECRETS} of them`,
      accepts: (value) =>
        Array.isArray(value)
          ? value.length > 0 && value.length <= MAX_SECRETS && value.every(isSecret)
          : isSecret(value),
    },
  ],
  ['maxAgeMs', milliseconds(MIN_AGE_MS, MAX_AGE_MS)],
  ['grants', checks.aBoolean],
  ['only', listOf('a list of names of experiments and namespaces', () => true)],
  ['author', checks.aFunction],
]);

function isSecret(value: unknown): boolean {
  return isText(value) && Buffer.byteLength(value) >= MIN_SECRET_BYTES;
}

/**
 * Checks the options of `toolbar()` and fills in their defaults.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function parseToolbarOptions(given: ToolbarOptions = {}): ToolbarSettings {
  // The message of a check would show the secret.
  if (isObject(given) && isText(given['share'])) {
    throw new OptionError(`${WHERE}: option "share" must be an object: share: { secret }`);
  }
  const options = checkOptions(WHERE, given, toolbarChecks);
  return {
    allow: options.allow,
    allowIps: [...(options.allowIps ?? [])],
    path: options.path ?? DEFAULT_PATH,
    share: options.share && parseShare(options.share),
    redact: options.redact ?? [],
    nonce: options.nonce,
    position: options.position ?? 'bottom-right',
    dashboard: options.dashboard,
    inject: options.inject ?? true,
    trustedOrigins: [...(options.trustedOrigins ?? [])],
  };
}

function parseShare(given: ShareOptions): ShareSettings {
  const secret = secretIn(given);
  const options = checkOptions(SHARE, { ...given, secret }, shareChecks);
  return {
    secrets: [secret].flat(),
    maxAgeMs: options.maxAgeMs ?? DEFAULT_AGE_MS,
    grants: options.grants ?? false,
    only: options.only && [...options.only],
    author: options.author,
  };
}

/** Checks the secret without showing it. */
function secretIn(given: ShareOptions): string | readonly string[] {
  const value: unknown = Object.hasOwn(given, 'secret') ? given.secret : undefined;
  const check = shareChecks.get('secret');
  if (value !== undefined && check?.accepts(value) === true) return given.secret;
  throw new OptionError(
    `${SHARE}: option "secret" must be ${check?.expected}; create one with: openssl rand -base64 32`,
  );
}
