/** The query parameter with the token of a share link. */
export const SHARE_PARAMETER = '__ehov';

/**
 * Returns an address with a token.
 *
 * @param address an absolute address or a path, with or without query and fragment
 */
export function withToken(address: string, token: string): string {
  const [before = '', ...fragment] = address.split('#');
  const mark = before.includes('?') ? (/[?&]$/.test(before) ? '' : '&') : '?';
  return [`${before}${mark}${SHARE_PARAMETER}=${token}`, ...fragment].join('#');
}

/** Returns true if links may force an experiment, a namespace or `namespace.parameter`. */
export function mayShare(name: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((one) => name === one || name.startsWith(`${one}.`));
}
