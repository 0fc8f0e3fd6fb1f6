import { SharedParts } from '../../src/rules/compile/compilation.ts';
import { CompiledSegment } from '../../src/rules/compile/compiled-segment.ts';
import { CompiledRule, type RuleDeclarations } from '../../src/rules/compile/compile.ts';
import type { Segment } from '../../src/rules/syntax/nodes.ts';

/** The declarations of a specification with these segments and experiments. */
export interface Declared {
  /** Rules by name; each uses only earlier ones. */
  readonly segments?: Readonly<Record<string, string>>;
  /** Variants by experiment. */
  readonly experiments?: Readonly<Record<string, readonly string[]>>;
}

/** Compiles segments, each after those it uses. */
export function declarationsOf({ segments, experiments }: Declared): RuleDeclarations {
  const compiled = new Map<string, Segment>();
  const declarations: RuleDeclarations = {
    ...(segments && { segments: compiled }),
    ...(experiments && { experiments: new Map(Object.entries(experiments)) }),
  };
  const shared = new SharedParts();
  for (const [name, rule] of Object.entries(segments ?? {})) {
    compiled.set(name, new CompiledSegment(name, rule, shared, declarations));
  }
  return declarations;
}

/** Compiles a rule that uses declared names. */
export function compiledWith(rule: string, declared: Declared): CompiledRule {
  return new CompiledRule(rule, new SharedParts(), declarationsOf(declared));
}
