/** The contents of earlier pages, by their address: pages that come back from a history have only the element. */
const earlier = new Map<string, ShadowRoot>();

const MAX_EARLIER = 20;

/**
 * Returns the shadow root of the element. Only the parser of a document attaches a declared one; if a script
 * has inserted the element, its template is still there and moves into the root.
 */
export function contentOf(host: HTMLElement): ShadowRoot | undefined {
  const template = host.querySelector('template');
  const kept = template === null ? earlier.get(location.href) : undefined;
  const root = host.shadowRoot ?? ((template ?? kept) ? attach(host) : undefined);
  if (template !== null) {
    root?.replaceChildren(template.content);
    template.remove();
  } else if (root?.childElementCount === 0 && kept !== undefined) {
    root.append(...kept.childNodes);
  }
  return root;
}

/** Keeps the content of an element that has left the page. */
export function keepContent(root: ShadowRoot, address: string): void {
  earlier.delete(address);
  earlier.set(address, root);
  const [oldest] = earlier.keys();
  if (earlier.size > MAX_EARLIER && oldest !== undefined) earlier.delete(oldest);
}

/** Clonable, because Turbo keeps copies of pages for its history. */
function attach(host: HTMLElement): ShadowRoot {
  return host.attachShadow({ mode: 'open', clonable: true });
}
