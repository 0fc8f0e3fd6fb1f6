import type { Host } from '../host/host.ts';

/** Prints a value as JSON, indented so that people can read it too. */
export function printJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
