const FIELDS = 'input, textarea, select, [contenteditable]';

/** Lets `/` put the focus into the search field. It stays a letter inside fields. */
export function watchSearchKey(): void {
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (key !== '/' || ctrlKey || metaKey || altKey) return;
    if ((target as Element | null)?.closest?.(FIELDS)) return;
    const fields = document.querySelectorAll<HTMLInputElement>('input[type="search"]');
    const field = [...fields].find((one) => one.offsetParent !== null);
    if (!field) return;
    event.preventDefault();
    field.select();
    field.focus();
  });
}
