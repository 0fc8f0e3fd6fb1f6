import type { VariantsByName } from '../assignment/declared-names.ts';
import { checkOptions, isObject, type OptionChecks } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { parseOverrides } from '../express/cookies/override-cookie.ts';
import { checkName } from './names.ts';
import { readCookies, writeCookies } from './cookie-header.ts';

/** Options of `overrideExperiment()`. */
export interface OverrideExperimentOptions {
  /** The name of the override cookie, as in `evenhand({ overrides: { cookie } })`. @default '__cw' */
  cookie?: string;
}

/** The part of supertest's `request.agent(app)` that is used here. */
export interface AgentLike {
  readonly jar: {
    setCookie(cookie: string, domain: string, path: string): unknown;
    getCookie(
      name: string,
      access: { domain: string; path: string; secure: boolean; script: boolean },
    ): { readonly value: string } | undefined;
  };
}

/** The part of a supertest request, `request(app).get('/')`, that is used here. */
export interface RequestLike {
  /** The cookies of the agent that created the request; empty without an agent. */
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
 * Forces variants in an HTTP test with supertest: in all further requests of an agent, or in one request.
 * It sets the override cookie. Further calls add variants; for one experiment, the last call wins.
 *
 * ```ts
 * const agent = overrideExperiment(request.agent(app), { button: 'bold' });
 * await agent.get('/').expect(/bold/);
 *
 * await overrideExperiment(request(app).get('/'), { button: 'bold', banner: 'off' }).expect(200);
 * ```
 *
 * The application ignores unknown experiments and variants that are not declared, and logs one warning
 * for each. In production it also ignores overrides of people who are not allowed to override.
 *
 * @param target the agent, or a request that is not sent yet
 * @param variants the variants by experiment
 * @returns the target
 * @throws OptionError (`option`) for another target, invalid names, or more variants than fit in a cookie
 */
export function overrideExperiment<Target extends AgentLike | RequestLike>(
  target: Target,
  variants: VariantsByName,
  options: OverrideExperimentOptions = {},
): Target {
  options = checkOptions(WHERE, options, overrideChecks);
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
  if (!isObject(variants)) {
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
  // request(app) has no set(); it becomes a request when its method is called.
  return isObject(target) && 'set' in target && typeof target.set === 'function';
}

function overrideAgent(agent: AgentLike, name: string, added: ReadonlyMap<string, string>): void {
  const domain = hostOf(agent);
  const present = agent.jar.getCookie(name, { domain, path: '/', secure: true, script: false });
  agent.jar.setCookie(`${name}=${merge([present?.value], added)}; Path=/`, domain, '/');
}

/** Returns the host of an agent's requests. Supertest starts applications on 127.0.0.1. */
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
  // Supertest sends the agent's cookie instead of the header's if both have one name.
  fromAgent.delete(name);
  request.cookies = writeCookies(fromAgent);
  request.set('Cookie', writeCookies(header.set(name, value)));
}

/** Returns the cookie's value with the present overrides, in order, and the added ones. */
function merge(
  present: readonly (string | undefined)[],
  added: ReadonlyMap<string, string>,
): string {
  const all = new Map(present.flatMap((value = '') => [...parseOverrides(value)]));
  for (const [experiment, variant] of added) all.set(experiment, variant);
  const text = [...all].map((override) => override.join(':')).join(' ');
  if (parseOverrides(text).size !== all.size) {
    throw new OptionError(
      `${WHERE}: ${all.size} variants don't fit in an override cookie; force fewer`,
    );
  }
  return encodeURIComponent(text);
}
