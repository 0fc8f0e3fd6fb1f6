/** The time that a button says "Copied", in milliseconds. */
const COPIED_MS = 2000;

/** Copies the text of an element when its button, which has `data-copy="ID"`, is pressed. */
export function watchCopying(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>('[data-copy]');
    const source = button && document.getElementById(button.dataset['copy'] ?? '');
    if (!button || !source) return;
    event.preventDefault();
    void copy(source).then((done) => done && sayCopied(button));
  });
}

async function copy(source: HTMLElement): Promise<boolean> {
  const text = (source as HTMLTextAreaElement).value ?? source.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without HTTPS have no clipboard; then the selected text is copied.
    getSelection()?.selectAllChildren(source);
    if ('select' in source) (source as HTMLTextAreaElement).select();
    return document.execCommand('copy');
  }
}

function sayCopied(button: HTMLElement): void {
  const label = [...button.childNodes].findLast(
    (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim(),
  );
  const text = label?.nodeValue;
  if (!label || text === 'Copied') return;
  label.nodeValue = 'Copied';
  setTimeout(() => {
    label.nodeValue = text ?? '';
  }, COPIED_MS);
}
