import { fetchPage, replaceById } from './fetched.ts';

/** The time between two refreshes of a visible page, in milliseconds. */
const PERIOD_MS = 5000;

/** Refreshes the elements with `data-refresh` and an id while the page is visible and nobody uses them. */
export function refreshRegularly(): void {
  setTimeout(() => {
    void refresh().finally(refreshRegularly);
  }, PERIOD_MS);
}

async function refresh(): Promise<void> {
  if (document.hidden) return;
  const elements = [...document.querySelectorAll<HTMLElement>('[data-refresh][id]')];
  if (elements.length === 0) return;
  try {
    const page = await fetchPage(location.href);
    for (const element of elements) {
      if (!element.contains(document.activeElement)) replaceById(element.id, page);
    }
  } catch {
    // The server did not answer; the next refresh asks again.
  }
}
