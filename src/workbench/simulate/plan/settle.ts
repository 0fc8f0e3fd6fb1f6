import type { CompiledRule } from '../../../rules/compile/compile.ts';
import type { Settle, Settled } from './assigner.ts';
import type { Probe } from '../input/synthetic-units.ts';

/**
 * Finds out which rules give the same for all synthetic units: those that, looking at one, read no
 * identity. Their outcome, or their failure, is then known; a million errors need not be thrown.
 */
export function settleBy(probe: Probe): Settle {
  const known = new Map<CompiledRule, Settled | undefined>();
  return (rule) => {
    if (known.has(rule)) return known.get(rule);
    probe.wasRead();
    const settled = attempt(rule, probe.context);
    const result = probe.wasRead() ? undefined : settled;
    known.set(rule, result);
    return result;
  };
}

function attempt(rule: CompiledRule, context: object): Settled {
  try {
    return { outcome: rule.holds(context) };
  } catch (thrown) {
    return { thrown };
  }
}
