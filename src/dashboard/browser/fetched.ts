/** The part of `trustedTypes` that is used; other browsers have none. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string },
  ): { createHTML(text: string): string };
}

/** The page's policy allows this one name, and only once. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'evenhand',
  { createHTML: (text) => text },
);

/**
 * Fetches a page of the dashboard and reads it. Its scripts do not run.
 *
 * @returns undefined if the answer is no page, such as that of a proxy
 */
export async function fetchPage(
  address: string,
  init: RequestInit = {},
): Promise<Document | undefined> {
  const answer = await fetch(address, {
    ...init,
    headers: { Accept: 'text/html' },
    credentials: 'same-origin',
  });
  if (answer.headers.get('Content-Type')?.startsWith('text/html') !== true) return undefined;
  const text = await answer.text();
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, 'text/html');
}

/** Replaces an element by the one with its id in another document, and keeps the focus in it. */
export function replaceById(id: string, other: Document | undefined): void {
  const old = document.getElementById(id);
  const next = other?.getElementById(id);
  if (!old || !next) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : undefined;
  old.replaceWith(document.adoptNode(next));
  if (focused) document.getElementById(focused)?.focus();
}
