import { escapeInvisible, escapeInvisibleInLines } from '../../errors/show-value.ts';
import type { Host } from '../host/host.ts';

/** Prints a value as JSON, indented so that people can read it too. */
export function printJson(host: Host, value: unknown): void {
  host.stdout.write(`${escapeInvisibleInLines(JSON.stringify(value, undefined, 2))}\n`);
}

/** Writes a text as a JSON string in which invisible characters are escaped. */
export function jsonString(text: string): string {
  return escapeInvisible(JSON.stringify(text));
}
