import { contentOf, keepContent } from './content.ts';
import { watchRequests } from './later-requests.ts';
import { enliven, saveState, toggle } from './panel.ts';
import { listener, quietly } from './quietly.ts';
import { raise, watchTopLayer } from './top-layer.ts';

const NAME = 'evenhand-toolbar';

const FIELDS = 'input, textarea, select';

const script = (document.currentScript as HTMLScriptElement | null)?.src;

/** The toolbar of the current page; undefined before it is there, and in pages without one. */
let current: HTMLElement | undefined;

/** The time it came. */
let since = 0;

/** The addresses of the elements' pages. A new page's element can come before the old one leaves. */
const addresses = new WeakMap<HTMLElement, string>();

quietly(() => {
  // Turbo and htmx run the script again for each page.
  if (customElements.get(NAME) === undefined) start();
});

function start(): void {
  // The browser calls this for each element that comes into the document, by whatever way.
  class Toolbar extends HTMLElement {
    connectedCallback(): void {
      quietly(() => enter(this));
    }

    /** A move inside the page changes nothing. */
    connectedMoveCallback(): void {}

    disconnectedCallback(): void {
      quietly(() => leave(this));
    }
  }
  customElements.define(NAME, Toolbar);
  watchTopLayer(
    () => current,
    () => current?.isConnected && raise(current),
  );
  addEventListener(
    'pagehide',
    listener(() => current?.shadowRoot && saveState(current.shadowRoot)),
  );
  document.addEventListener(
    'keydown',
    listener((event: KeyboardEvent) => {
      const root = current?.isConnected ? current.shadowRoot : undefined;
      if (!root || !isShortcut(event)) return;
      event.preventDefault();
      toggle(root);
    }),
    true,
  );
  if (script) watchRequests(script, () => ({ root: current?.shadowRoot ?? undefined, since }));
}

/** Returns true for Alt+Shift+E. On a Mac it also writes a letter, so it does nothing in fields of the page. */
function isShortcut({ altKey, shiftKey, ctrlKey, metaKey, code, target }: KeyboardEvent): boolean {
  if (code !== 'KeyE' || !altKey || !shiftKey || ctrlKey || metaKey) return false;
  return !(target instanceof HTMLElement && (target.isContentEditable || target.matches(FIELDS)));
}

function enter(host: HTMLElement): void {
  const root = contentOf(host);
  if (root === undefined) return;
  const before = current;
  if (before !== undefined && before !== host) {
    const sinceBefore = since;
    since = performance.now();
    setTimeout(
      listener(() => {
        // A part of the page was loaded as a whole page, with a toolbar of its own.
        if (!before.isConnected || !host.isConnected) return;
        host.remove();
        current = before;
        since = sinceBefore;
      }),
    );
  }
  current = host;
  addresses.set(host, location.href);
  enliven(host, root);
  // Libraries that change pages in place put the next page's template into the element.
  new MutationObserver(
    listener((_records: MutationRecord[], observer: MutationObserver) => {
      if (host.querySelector('template') === null) return;
      observer.disconnect();
      saveState(root);
      since = performance.now();
      enter(host);
    }),
  ).observe(host, { childList: true });
  raise(host);
}

function leave(host: HTMLElement): void {
  const root = host.shadowRoot;
  if (root === null) return;
  // Inside a dialog that has left the page; the page's own toolbar goes with its body.
  if (host.parentElement?.closest('dialog')) {
    setTimeout(
      listener(() => {
        if (host === current && !host.isConnected) document.body.append(host);
      }),
    );
  } else if (!host.isConnected) {
    keepContent(root, addresses.get(host) ?? '');
  }
}
