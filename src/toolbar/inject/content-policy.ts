/** A Content Security Policy: the values of its directives by their names. */
export type ContentPolicy = ReadonlyMap<string, readonly string[]>;

/** The address of a page, as far as policies compare it. */
export interface PageOrigin {
  readonly scheme: 'http' | 'https';
  /** The host in lower case, without the port. */
  readonly host: string;
  /** Empty for the default port of the scheme. */
  readonly port: string;
}

/** The directives that apply to an external script, in the order in which the first one counts. */
const FOR_SCRIPT = ['script-src-elem', 'script-src', 'default-src'];

/** The directives that apply to a linked style sheet. */
const FOR_STYLE = ['style-src-elem', 'style-src', 'default-src'];

const STRICT_DYNAMIC = "'strict-dynamic'";

/** The values of `sandbox` without which forms can't be sent to the page's own origin. */
const FOR_FORMS = ['allow-forms', 'allow-same-origin'];

/**
 * A source that names hosts: scheme, host, port and path. All but the host may be missing.
 *
 * @see https://www.w3.org/TR/CSP3/#grammardef-host-source
 */
const HOST_SOURCE =
  /^(?:([a-z][\d+.a-z-]*):\/\/)?(\*|(?:\*\.)?[\da-z-]+(?:\.[\da-z-]+)*)(?::(\d+|\*))?(\/.*)?$/;

/** Returns the policies in a `Content-Security-Policy`. A browser enforces all of them. */
export function policiesIn(header: string): ContentPolicy[] {
  return header
    .split(',')
    .map(parsePolicy)
    .filter((policy) => policy.size > 0);
}

/** Of a directive that is repeated, only the first one counts. */
function parsePolicy(text: string): ContentPolicy {
  const policy = new Map<string, readonly string[]>();
  for (const directive of text.split(';')) {
    const [name = '', ...values] = directive.split(/[\t\n\f\r ]+/).filter((part) => part !== '');
    const key = name.toLowerCase();
    if (key !== '' && !policy.has(key)) policy.set(key, values);
  }
  return policy;
}

/** Returns true if all policies allow scripts of the page's origin, or scripts with the nonce. */
export function allowScript(
  policies: readonly ContentPolicy[],
  origin: PageOrigin,
  nonce: string | undefined,
): boolean {
  return policies.every((policy) => {
    if (policy.get('sandbox')?.some(isWord('allow-scripts')) === false) return false;
    const sources = firstOf(policy, FOR_SCRIPT);
    if (sources === undefined || hasNonce(sources, nonce)) return true;
    return !sources.some(isWord(STRICT_DYNAMIC)) && haveOrigin(sources, origin);
  });
}

/** Returns true if all policies allow style sheets of the page's origin, or style sheets with the nonce. */
export function allowStyle(
  policies: readonly ContentPolicy[],
  origin: PageOrigin,
  nonce: string | undefined,
): boolean {
  return policies.every((policy) => {
    const sources = firstOf(policy, FOR_STYLE);
    return sources === undefined || hasNonce(sources, nonce) || haveOrigin(sources, origin);
  });
}

/** Returns true if all policies allow forms that are sent to the page's origin. */
export function allowForms(policies: readonly ContentPolicy[], origin: PageOrigin): boolean {
  return policies.every((policy) => {
    const sandbox = policy.get('sandbox');
    if (sandbox && !FOR_FORMS.every((word) => sandbox.some(isWord(word)))) return false;
    const sources = policy.get('form-action');
    return sources === undefined || haveOrigin(sources, origin);
  });
}

function firstOf(policy: ContentPolicy, names: readonly string[]): readonly string[] | undefined {
  const name = names.find((one) => policy.has(one));
  return name === undefined ? undefined : policy.get(name);
}

function hasNonce(sources: readonly string[], nonce: string | undefined): boolean {
  if (nonce === undefined) return false;
  return sources.some((source) => /^'nonce-/i.test(source) && source.slice(7, -1) === nonce);
}

function haveOrigin(sources: readonly string[], origin: PageOrigin): boolean {
  return sources.some((source) => isForOrigin(source.toLowerCase(), origin));
}

function isForOrigin(source: string, { scheme, host, port }: PageOrigin): boolean {
  if (source === "'self'" || source === '*' || source === `${scheme}:` || source === 'http:') {
    return true;
  }
  const [whole, itsScheme, itsHost = '', itsPort = '', path = '/'] = HOST_SOURCE.exec(source) ?? [];
  return (
    whole !== undefined &&
    (itsScheme === undefined || itsScheme === scheme || itsScheme === 'http') &&
    isHost(itsHost, host) &&
    (itsPort === '*' || withoutDefault(itsPort, scheme) === port) &&
    // The address of the toolbar's files is not known here.
    path === '/'
  );
}

function isHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** Returns a port; empty for the default port of the scheme. */
export function withoutDefault(port: string, scheme: PageOrigin['scheme']): string {
  return port === (scheme === 'https' ? '443' : '80') ? '' : port;
}

function isWord(word: string): (value: string) => boolean {
  return (value) => value.toLowerCase() === word;
}
