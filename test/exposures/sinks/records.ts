import { randomUUID } from 'node:crypto';
import type { EventRecord } from '../../../src/exposures/records/record.ts';

/** Returns distinct exposures. */
export function exposures(count: number, unit = 'user'): EventRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    version: 1,
    id: randomUUID(),
    event: 'exposure',
    time: new Date(1_800_000_000_000 + index).toISOString(),
    experiment: 'button',
    seed: 'button',
    checksum: '0123456789abcdef',
    variant: index % 2 === 0 ? 'bold' : 'plain',
    identity: 'user.id',
    unit: `${unit}-${index}`,
    audience: 0,
    bucket: index % 100,
    overridden: false,
    context: { locale: 'de-DE', plan: 'pro' },
  }));
}

/** Parses JSON lines to records; throws for an invalid line. */
export function parseLines(text: string): EventRecord[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as EventRecord);
}

/** Returns a signal that is never aborted. */
export function unaborted(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}
