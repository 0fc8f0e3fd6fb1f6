import { nodeCrypto } from '../../runtime/node-crypto.ts';
import type { AnalysisPlan } from './analysis-plan.ts';

/** The digits of a digest, as of a checksum. */
const DIGITS = 16;

/**
 * Returns a text that differs for plans whose rows must not be confused. The end and the time line are not
 * part of it: rows are often read later than their statement was made.
 */
export function planDigest(plan: AnalysisPlan): string {
  const { metrics, until: _until, timeLine: _timeLine, audiences: _, ...facts } = plan;
  const specs = metrics.map(({ spec }) => {
    const { description: _description, owner: _owner, better: _better, ...counted } = spec;
    return counted;
  });
  const { control: _control, compared, ...data } = facts;
  return nodeCrypto()
    .hash(
      'sha256',
      JSON.stringify([
        sorted(data),
        sorted(specs),
        ...(compared.length < data.variants.length ? [compared] : []),
      ]),
    )
    .slice(0, DIGITS);
}

/** Returns plain data with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Object)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, of]) => [name, sorted(of)]);
}
