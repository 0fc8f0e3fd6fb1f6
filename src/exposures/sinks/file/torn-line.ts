/** Whether there is nothing but space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.toString('latin1').trim() === '';
}

/** Whether this is a JSON object, as a record is. */
export function isWholeObject(bytes: Buffer): boolean {
  const text = bytes.toString().trim();
  // Looked at before it is parsed: most of what comes here has no end.
  if (!text.startsWith('{') || !text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether this may be the beginning of a record, and so may be erased; after a power failure, there
 * may be zeros in it. Anything else is another kind of file, which somebody may miss.
 */
export function isTornObject(bytes: Buffer): boolean {
  if (isWholeObject(bytes)) return false;
  const text = bytes.toString('latin1').replaceAll('\0', ' ').trim();
  return text === '' || text === '{' || text.startsWith('{"');
}
