import { listener } from './quietly.ts';

/** Later requests that are listed. */
const MAX_LISTED = 20;

/** A path is loaded at most this often, in milliseconds, because pages can poll. */
const PAUSE_MS = 5000;

/** The time in which a library shows a whole page that it has loaded, which is then not a later request. */
const SETTLE_MS = 300;

/** A request of a script. */
interface LaterRequest {
  readonly path: string;
  /** The id of its view. */
  readonly id: string;
  readonly startTime: number;
}

/** The current panel, and the time at which its page came. */
interface Place {
  readonly root: ShadowRoot | undefined;
  readonly since: number;
}

/** The latest requests that wait to be loaded, by path. */
const waiting = new Map<string, LaterRequest>();

/** The time at which a path may be loaded again. */
const ready = new Map<string, number>();

/**
 * Lists what the requests of the page's scripts used. Their responses carry the id of a view in
 * `Server-Timing`; nothing of the page is replaced or patched.
 *
 * @param script the address of this script, beside which the views are
 */
export function watchRequests(script: string, place: () => Place): void {
  const rootFor = ({ startTime }: LaterRequest): ShadowRoot | undefined => {
    const { root, since } = place();
    return startTime < since ? undefined : root;
  };
  const observer = new PerformanceObserver(
    listener((list: PerformanceObserverEntryList) => {
      for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
        const { name: address, initiatorType, startTime } = entry;
        // A page whose scripts fetch allows it, so that the policy is not violated.
        if (!/^(?:fetch|xmlhttprequest)$/.test(initiatorType)) continue;
        const id = entry.serverTiming.find(({ name }) => name === 'evenhand')?.description;
        if (id) wait({ path: new URL(address).pathname, id, startTime });
      }
    }),
  );
  observer.observe({ type: 'resource', buffered: true });

  function wait(request: LaterRequest): void {
    const { path } = request;
    const isWaiting = waiting.has(path);
    waiting.set(path, request);
    if (isWaiting) return;
    const pause = (ready.get(path) ?? 0) - performance.now();
    setTimeout(
      listener(() => {
        ready.set(path, performance.now() + PAUSE_MS);
        const latest = waiting.get(path) ?? request;
        waiting.delete(path);
        if (rootFor(latest)) load(script, latest, rootFor);
      }),
      Math.max(SETTLE_MS, pause),
    );
  }
}

/** Loads a view. The browser parses the answer as a document, which runs nothing and needs no policy. */
function load(
  script: string,
  later: LaterRequest,
  rootFor: (later: LaterRequest) => ShadowRoot | undefined,
): void {
  const request = new XMLHttpRequest();
  request.open('GET', new URL(`panel?id=${encodeURIComponent(later.id)}`, script));
  request.responseType = 'document';
  request.addEventListener(
    'load',
    listener(() => {
      const found = request.responseXML?.querySelector<HTMLElement>('.later');
      const root = rootFor(later);
      if (found && root)
        list(document.importNode(found, true), later.path, request.responseURL, root);
    }),
  );
  request.send();
}

function list(entry: HTMLElement, path: string, address: string, root: ShadowRoot): void {
  const section = root.querySelector<HTMLElement>('.requests');
  if (section === null) return;
  for (const form of entry.querySelectorAll('form')) {
    form.action = new URL(form.getAttribute('action') ?? '', address).href;
    const back = form.querySelector<HTMLInputElement>('[name=back]');
    if (back !== null) back.value = location.pathname + location.search;
  }
  const name = entry.querySelector('.name');
  if (name?.textContent === '') name.textContent = path;
  entry.dataset['path'] = path;
  const listed = [...section.querySelectorAll<HTMLElement>('.later')];
  const same = listed.find(({ dataset }) => dataset['path'] === path);
  if (same instanceof HTMLDetailsElement && entry instanceof HTMLDetailsElement) {
    entry.open = same.open;
  }
  if (same === undefined) section.append(entry);
  else same.replaceWith(entry);
  if (listed.length >= MAX_LISTED && same === undefined) listed[0]?.remove();
  section.hidden = false;
  const more = root.querySelector('.more');
  if (more !== null) more.textContent = `+${section.querySelectorAll('.later').length}`;
}
