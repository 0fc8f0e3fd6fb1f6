import { copyField } from './copy.ts';
import { listener } from './quietly.ts';
import { readState, writeState } from './state.ts';

/** The events that stay inside the toolbar, so that the page's own listeners don't react to its use. */
const KEPT_INSIDE =
  'click pointerdown pointerup mousedown mouseup touchstart touchend keydown keyup focusin input change';

/** The parts of the content. */
interface Parts {
  readonly tool: Element;
  readonly panel: HTMLDetailsElement;
  readonly pill: HTMLElement;
  readonly scroll: Element;
}

function partsOf(root: ShadowRoot): Parts | undefined {
  const tool = root.querySelector('.tool');
  const panel = root.querySelector<HTMLDetailsElement>('.root');
  const pill = root.querySelector('summary');
  const scroll = root.querySelector('.scroll');
  return tool && panel && pill && scroll ? { tool, panel, pill, scroll } : undefined;
}

/** The roots that have listeners, and the content that was prepared in them. */
const prepared = new WeakMap<ShadowRoot, Element>();

/** Makes the content of the toolbar work with script. */
export function enliven(host: HTMLElement, root: ShadowRoot): void {
  const parts = partsOf(root);
  const before = prepared.get(root);
  if (parts === undefined || before === parts.tool) return;
  prepared.set(root, parts.tool);
  prepare(root, parts);
  if (before === undefined) listen(host, root);
}

function prepare(root: ShadowRoot, { tool, panel, pill, scroll }: Parts): void {
  tool.classList.add('live');
  pill.setAttribute('aria-keyshortcuts', 'Alt+Shift+E');
  pill.title = 'Alt+Shift+E';
  // Whenever it comes into the top layer, such an element would get the focus.
  for (const element of root.querySelectorAll('[autofocus]')) element.removeAttribute('autofocus');
  for (const time of root.querySelectorAll('time')) {
    const shown = { dateStyle: 'medium', timeStyle: 'short' } as const;
    time.textContent = new Date(time.dateTime).toLocaleString('en-GB', shown);
  }
  const { gone, open, rows, top } = readState();
  // After a form, the server has opened the panel.
  if (gone && !panel.open) tool.classList.add('gone');
  panel.open ||= open;
  if (!panel.open) return;
  for (const row of root.querySelectorAll<HTMLDetailsElement>('[data-row]')) {
    if (rows.includes(row.dataset['row'] ?? '')) row.open = true;
  }
  const toPlace = (): void => scroll.scrollTo(0, top);
  toPlace();
  // Without the style sheet, nothing scrolls.
  root.querySelector('link')?.addEventListener('load', toPlace, { once: true });
}

function listen(host: HTMLElement, root: ShadowRoot): void {
  // Toggle events don't bubble.
  root.addEventListener(
    'toggle',
    listener(() => saveState(root)),
    true,
  );
  root.addEventListener(
    'click',
    listener(({ target }) => press(root, target)),
  );
  root.addEventListener(
    'keydown',
    listener((event) => {
      const parts = partsOf(root);
      if ((event as KeyboardEvent).key !== 'Escape' || !parts?.panel.open) return;
      event.preventDefault();
      parts.panel.open = false;
      parts.pill.focus();
    }),
  );
  for (const name of KEPT_INSIDE.split(' ')) {
    host.addEventListener(name, (event) => event.stopPropagation());
  }
}

/** Opens or closes the panel, and shows a hidden toolbar. */
export function toggle(root: ShadowRoot): void {
  const parts = partsOf(root);
  if (parts === undefined) return;
  const { tool, panel, pill } = parts;
  panel.open = tool.classList.contains('gone') || !panel.open;
  tool.classList.remove('gone');
  saveState(root);
  pill.focus();
}

/** Remembers the panel's state for the next page. */
export function saveState(root: ShadowRoot): void {
  const parts = partsOf(root);
  if (parts === undefined) return;
  const rows = [...root.querySelectorAll<HTMLElement>('[data-row][open]')];
  writeState({
    gone: parts.tool.classList.contains('gone'),
    open: parts.panel.open,
    rows: rows.map(({ dataset }) => dataset['row'] ?? ''),
    top: parts.scroll.scrollTop,
  });
}

function press(root: ShadowRoot, target: EventTarget | null): void {
  const button = target instanceof Element ? target.closest<HTMLElement>('.scripted') : null;
  const { copy, hide } = button?.dataset ?? {};
  if (button && copy !== undefined) void copyField(root, button, copy);
  if (hide !== undefined) {
    partsOf(root)?.tool.classList.add('gone');
    saveState(root);
  }
}
