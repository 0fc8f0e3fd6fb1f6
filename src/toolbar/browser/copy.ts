/** The time that a button says "Copied", in milliseconds. */
const COPIED_MS = 2000;

/** Copies the text of a field, and says so in the button. Never throws. */
export async function copyField(root: ShadowRoot, button: HTMLElement, id: string): Promise<void> {
  const field = root.getElementById(id) as HTMLInputElement | HTMLTextAreaElement | null;
  const label = button.querySelector('span');
  if (field === null || label === null) return;
  field.select();
  if (!(await isCopied(field.value))) return;
  label.textContent = 'Copied';
  setTimeout(() => {
    label.textContent = 'Copy';
  }, COPIED_MS);
}

/** Pages without HTTPS have no clipboard, and a policy can forbid it; then the selected text is copied. */
async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
