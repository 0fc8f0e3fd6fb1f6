/** The longest wait on a busy machine, in milliseconds. */
const PATIENCE_MS = 90_000;

/** Waits until a condition holds. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
