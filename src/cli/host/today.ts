import type { Host } from './host.ts';

/** Returns today's date in UTC, in the form that `expires` uses: `2026-11-02`. */
export function today(host: Host): string {
  return host.now().toISOString().slice(0, 'yyyy-mm-dd'.length);
}
