import { listener, quietly } from './quietly.ts';

/** The modal dialogs that were opened, in their order. */
let modals: HTMLDialogElement[] = [];

/**
 * Puts the element above everything else: into the top layer, and into the modal dialog that is open, because
 * all of the page outside it takes no input.
 */
export function raise(host: HTMLElement): void {
  modals = modals.filter((dialog) => dialog.isConnected && dialog.matches(':modal'));
  const home = modals.at(-1) ?? (host.parentElement?.closest('dialog') ? document.body : undefined);
  if (home !== undefined && host.parentElement !== home) move(host, home);
  quietly(() => {
    host.popover = 'manual';
    if (host.matches(':popover-open')) host.hidePopover();
    host.showPopover();
  });
}

function move(host: HTMLElement, home: Element): void {
  // An atomic move keeps the style sheet; older browsers load it again from their cache.
  if ('moveBefore' in home) home.moveBefore(host, null);
  else (home as Element).append(host);
}

/** Calls back whenever something else has come into the top layer, or left it. */
export function watchTopLayer(host: () => HTMLElement | undefined, changed: () => void): void {
  modals = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')];
  const observer = new MutationObserver(
    listener((records: MutationRecord[]) => {
      const dialogs = records.map(({ target }) => target).filter(isDialog);
      modals = [...modals.filter((one) => !dialogs.includes(one)), ...new Set(dialogs)];
      if (dialogs.length > 0) changed();
    }),
  );
  observer.observe(document, { subtree: true, attributeFilter: ['open'] });
  document.addEventListener('fullscreenchange', changed);
  // Events of popovers don't bubble.
  document.addEventListener(
    'toggle',
    listener((event: Event) => {
      const { target } = event;
      const isOther = target instanceof HTMLElement && target !== host();
      if (isOther && target.popover !== null && target.matches(':popover-open')) changed();
    }),
    true,
  );
}

function isDialog(node: Node): node is HTMLDialogElement {
  return node instanceof HTMLDialogElement;
}
