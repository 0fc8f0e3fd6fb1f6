import type { CompiledRule } from '../../../rules/compile/compile.ts';
import type { Settle, Settled } from './assigner.ts';
import type { Probe } from '../input/generated-units.ts';

/**
 * Settles the rules that have one outcome for all generated units: those that read no identity of a
 * probe. Their outcome or error is computed once, which saves throwing a million errors.
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
