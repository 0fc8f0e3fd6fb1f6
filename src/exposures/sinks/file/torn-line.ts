/** Returns true if there is nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.toString('latin1').trim() === '';
}

/** Returns true for a complete JSON object, which every record is. */
export function isWholeObject(bytes: Buffer): boolean {
  const text = bytes.toString().trim();
  // Checked before parsing, because most lines that come here are incomplete.
  if (!text.startsWith('{') || !text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns true for bytes that may be the start of a record and may be erased. A power failure can
 * leave zero bytes in them. Other bytes are not ours and must be kept.
 */
export function isTornObject(bytes: Buffer): boolean {
  if (isWholeObject(bytes)) return false;
  const text = bytes.toString('latin1').replaceAll('\0', ' ').trim();
  return text === '' || text === '{' || text.startsWith('{"');
}
