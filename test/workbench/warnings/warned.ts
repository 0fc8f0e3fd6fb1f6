import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { findWarnings } from '../../../src/cli/files/find-warnings.ts';

const EVEN = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];
const ALL_A = [{ variant: 'a', percent: 100 }];

/** An experiment whose fallback audience gets one variant, so that a guard keeps visitors out. */
export interface Warned {
  readonly identity?: string | readonly string[];
  readonly rules?: readonly string[];
  /** True if the fallback audience splits too. */
  readonly splits?: boolean;
  readonly context?: object;
}

/** Returns the specification of one experiment as text. */
export function textOf({ identity = 'anonymous', rules = [], splits, context }: Warned): string {
  const experiment = {
    name: 'x',
    identity,
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: [
      ...rules.map((rule) => ({ rule, allocations: EVEN })),
      { allocations: splits || rules.length === 0 ? EVEN : ALL_A },
    ],
  };
  return JSON.stringify({ context, experiments: [experiment] });
}

/** Returns the warnings of `validate` about an experiment, each as its code and the first line. */
export function warned(experiment: Warned): string[] {
  return warnedText(textOf(experiment));
}

/** Returns the warnings of `validate` about a specification. */
export function warnedText(text: string): string[] {
  const config = parseConfig({ origin: 'test', path: undefined, text });
  return findWarnings(config, { today: '2026-11-02' }).map(
    ({ code, message }) => `${code}: ${message.split('\n', 1)[0]}`,
  );
}
