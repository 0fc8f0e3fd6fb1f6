import type { Host } from './host.ts';

/** The day it is (UTC), as `expires` has it: `2026-11-02`. */
export function today(host: Host): string {
  return host.now().toISOString().slice(0, 'yyyy-mm-dd'.length);
}
