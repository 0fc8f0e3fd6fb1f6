import { fetchPage, replaceById } from './fetched.ts';

/** The time without input after which a form is asked, in milliseconds. */
const PAUSE_MS = 200;

/** The latest question of each form, which the next one ends. */
const asked = new WeakMap<HTMLFormElement, AbortController>();

/** Keeps previews and lists up to date while people type. */
export function watchForms(): void {
  document.addEventListener('input', ({ target }) => {
    const form = (target as HTMLInputElement | null)?.form;
    const id = form?.dataset['live'];
    if (!form || !id || !document.getElementById(id)) return;
    asked.get(form)?.abort();
    const controller = new AbortController();
    asked.set(form, controller);
    setTimeout(() => {
      if (!controller.signal.aborted) void ask(form, id, controller.signal);
    }, PAUSE_MS);
  });
}

async function ask(form: HTMLFormElement, id: string, signal: AbortSignal): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') fields.append(name, value);
  }
  const post = form.dataset['livePost'];
  const address = new URL(post ?? form.getAttribute('action') ?? '', document.baseURI);
  document.getElementById(id)?.setAttribute('aria-busy', 'true');
  try {
    if (!post) address.search = fields.toString();
    const init: RequestInit = post ? { method: 'POST', body: fields, signal } : { signal };
    const page = await fetchPage(address.href, init);
    if (signal.aborted) return;
    replaceById(id, page);
    // A search stays when the page is loaded again.
    if (!post && address.pathname === location.pathname) history.replaceState(null, '', address);
  } catch {
    // The server did not answer, or a newer question ended this one. The form itself still works.
  } finally {
    if (!signal.aborted) document.getElementById(id)?.removeAttribute('aria-busy');
  }
}
