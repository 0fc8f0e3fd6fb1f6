import { parseAndCheck, type RuleDeclarations } from '../compile/compile.ts';
import type { RuleNode } from '../syntax/nodes.ts';
import { assuming } from './facts.ts';
import { Inference } from './inference.ts';
import { Notes, type Suggest, type TypeFinding } from './notes.ts';
import type { Surroundings } from './paths.ts';
import type { ContextType, RuleType } from './types.ts';
import { describeType } from './words.ts';

/**
 * Checks a rule against the declared context, without evaluating it.
 *
 * @param source a rule that compiles
 * @param earlier rules that compile and were false before: those of earlier audiences
 * @param declarations the declarations that these rules are compiled with
 * @returns the findings in the order of evaluation; empty if there are none
 */
export function inferFindings(
  source: string,
  context: ContextType,
  suggest: Suggest,
  earlier: readonly string[] = [],
  declarations?: RuleDeclarations,
): readonly TypeFinding[] {
  const tree = parseAndCheck(source, declarations);
  const notes = new Notes(source, suggest);
  const inference = new Inference(source, notes);
  let around: Surroundings = { context, locals: new Map(), facts: new Map() };
  for (const rule of earlier) around = afterFalse(rule, around, declarations);
  const type = inference.infer(tree, around);
  checkResult(tree, type, notes);
  return notes.findings;
}

/** Returns the surroundings of a rule after an earlier one was false. */
function afterFalse(
  earlier: string,
  around: Surroundings,
  declarations: RuleDeclarations | undefined,
): Surroundings {
  const quiet = new Inference(earlier, new Notes(earlier, () => undefined));
  const tree = parseAndCheck(earlier, declarations);
  return assuming(tree, false, around, (node) => quiet.infer(node, around));
}

function checkResult(tree: RuleNode, type: RuleType, notes: Notes): void {
  const present = type.filter((one) => !(one.kind === 'none' && one.absent));
  const others = present.filter(({ kind }) => kind !== 'boolean' && kind !== 'any');
  if (others.length === 0) return;
  const certain = others.length === present.length;
  const evaluates = certain ? 'evaluates' : 'may evaluate';
  const reason = `the rule ${evaluates} to ${describeType(others)}, not to True or False; add a comparison`;
  notes.note(tree, 'not-boolean', certain, reason);
}
