import type { VariantsByName } from '../assignment/declared-names.ts';
import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { parseOverrides } from '../express/cookies/override-cookie.ts';
import { checkName } from './names.ts';
import { readCookies, writeCookies } from './cookie-header.ts';

/** Options of `overrideExperiment()`. */
export interface OverrideExperimentOptions {
  /** The override cookie's name, as in `evenhand({ overrides: { cookie } })`. @default '__cw' */
  cookie?: string;
}

/** What is needed of supertest's `request.agent(app)`. */
export interface AgentLike {
  readonly jar: {
    setCookie(cookie: string, domain: string, path: string): unknown;
    getCookie(
      name: string,
      access: { domain: string; path: string; secure: boolean; script: boolean },
    ): { readonly value: string } | undefined;
  };
}

/** What is needed of one of supertest's requests, `request(app).get('/')`. */
export interface RequestLike {
  /** The cookies of the agent that made the request; else empty. */
  cookies: string;
  get(header: string): unknown;
  set(header: string, value: string): unknown;
}

const WHERE = 'overrideExperiment()';

const DEFAULT_COOKIE = '__cw';

const overrideChecks: OptionChecks = new Map([
  [
    'cookie',
    {
      expected: 'a cookie name: letters, digits and -_.',
      // The token of RFC 9110, section 5.6.2.
      accepts: (value: unknown) =>
        typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value),
    },
  ],
]);

/**
 * Forces variants in an HTTP test with supertest, by the override cookie: in all further requests of
 * an agent, or in one request. More calls add to it; the last one of an experiment wins.
 *
 * ```ts
 * const agent = overrideExperiment(request.agent(app), { button: 'bold' });
 * await agent.get('/').expect(/bold/);
 *
 * await overrideExperiment(request(app).get('/'), { button: 'bold', banner: 'off' }).expect(200);
 * ```
 *
 * The application decides whether to obey: it ignores variants that are not declared, and in
 * production everybody who is not allowed to override.
 *
 * @param target the agent or the request; give it before the request is sent
 * @param variants variant by experiment
 * @returns the target
 * @throws OptionError (`option`) for another target, for names that can't be, or for more variants
 *   than a cookie holds
 */
export function overrideExperiment<Target extends AgentLike | RequestLike>(
  target: Target,
  variants: VariantsByName,
  options: OverrideExperimentOptions = {},
): Target {
  checkOptions(WHERE, options, overrideChecks);
  const name = options.cookie ?? DEFAULT_COOKIE;
  const added = readVariants(variants);
  if (isAgent(target)) overrideAgent(target, name, added);
  else if (isRequest(target)) overrideRequest(target, name, added);
  else {
    throw new OptionError(
      `${WHERE} takes an agent, request.agent(app), or one request, such as request(app).get("/")`,
    );
  }
  return target;
}

function readVariants(variants: unknown): ReadonlyMap<string, string> {
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants)) {
    throw new OptionError(`${WHERE} takes an object of variants by experiment: { button: "bold" }`);
  }
  return new Map(
    Object.entries(variants).map(([name, variant]: [string, unknown]) => [
      checkName(WHERE, 'experiment', name),
      checkName(WHERE, 'variant', variant),
    ]),
  );
}

function isAgent(target: AgentLike | RequestLike): target is AgentLike {
  return isObject(target) && 'jar' in target && isObject(target.jar);
}

function isRequest(target: AgentLike | RequestLike): target is RequestLike {
  // request(app) has no set(): it is not a request before its method is called.
  return isObject(target) && 'set' in target && typeof target.set === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function overrideAgent(agent: AgentLike, name: string, added: ReadonlyMap<string, string>): void {
  const domain = hostOf(agent);
  const present = agent.jar.getCookie(name, { domain, path: '/', secure: true, script: false });
  agent.jar.setCookie(`${name}=${merge([present?.value], added)}; Path=/`, domain, '/');
}

/** Where an agent's requests go: supertest starts applications on this address. */
function hostOf(agent: AgentLike & { readonly app?: unknown }): string {
  return typeof agent.app === 'string' ? new URL(agent.app).hostname : '127.0.0.1';
}

function overrideRequest(
  request: RequestLike,
  name: string,
  added: ReadonlyMap<string, string>,
): void {
  const fromAgent = readCookies(request.cookies);
  const header = readCookies(request.get('Cookie'));
  const value = merge([fromAgent.get(name), header.get(name)], added);
  // The agent's cookies would win over the header's.
  fromAgent.delete(name);
  request.cookies = writeCookies(fromAgent);
  request.set('Cookie', writeCookies(header.set(name, value)));
}

/** The cookie's value for all overrides: those it had, in order, and those added. */
function merge(
  present: readonly (string | undefined)[],
  added: ReadonlyMap<string, string>,
): string {
  const all = new Map(present.flatMap((value) => [...parseOverrides(decode(value))]));
  for (const [experiment, variant] of added) all.set(experiment, variant);
  const text = [...all].map((override) => override.join(':')).join(' ');
  if (parseOverrides(text).size !== all.size) {
    throw new OptionError(`${WHERE}: ${all.size} variants are more than an override cookie holds`);
  }
  // To cookie-parser, `j:` begins a JSON value and `s:` a signed one.
  return encodeURIComponent(/^[js]:/.test(text) ? ` ${text}` : text);
}

/** The text of a cookie's value; none where it can't be read. */
function decode(value = ''): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
