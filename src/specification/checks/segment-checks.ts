import { RuleError } from '../../errors/rule-error.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import type { SharedParts } from '../../rules/compile/compilation.ts';
import { CompiledSegment } from '../../rules/compile/compiled-segment.ts';
import { parseAndCheck, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { SEGMENTS } from '../../rules/compile/resolve-names.ts';
import { usesOf } from '../../rules/compile/uses-of.ts';
import type { RuleNode, Segment } from '../../rules/syntax/nodes.ts';
import { type Note, UniqueNames } from '../note.ts';
import { orderOf, showCircle } from './order.ts';

/** The list of the segments of a specification. */
const LIST = '/segments';

/** A segment whose rule has no problem by itself. */
interface SegmentEntry {
  readonly rule: string;
  readonly tree: RuleNode;
  /** JSON Pointer to the rule. */
  readonly path: string;
}

/**
 * Compiles the segments of a text, each after those it uses, and adds them to the declarations. A
 * segment with a problem is reported and replaced, so that rules that use it are not reported too.
 *
 * @param raw the value of `segments`
 * @param segments the segments of `declarations`, to be filled
 * @param checkRule returns the problem of a rule in the declared context
 */
export function compileSegments(
  raw: readonly unknown[],
  segments: Map<string, Segment>,
  declarations: RuleDeclarations,
  shared: SharedParts,
  checkRule: (source: string, declarations: RuleDeclarations) => string | undefined,
  note: Note,
): void {
  const entries = readEntries(raw, note);
  const replace = (name: string): void => {
    segments.set(name, new CompiledSegment(name, 'True', shared, {}));
  };
  // Segments of the wrong shape are known by their names.
  for (const one of raw) {
    const name = member(one, 'name');
    if (typeof name === 'string') replace(name);
  }
  const needs = new Map(
    Array.from(entries, ([name, { tree }]) => [
      name,
      usesOf(SEGMENTS, tree).filter((one) => one !== undefined),
    ]),
  );
  const { sorted, circles } = orderOf(needs);
  for (const circle of circles) noteCircle(circle, entries, note);
  for (const name of sorted) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    const { rule, path } = entry;
    const fault = faultOf(() => {
      segments.set(name, new CompiledSegment(name, rule, shared, declarations));
      return checkRule(rule, declarations);
    });
    if (fault !== undefined) note(path, () => fault);
  }
}

function readEntries(raw: readonly unknown[], note: Note): ReadonlyMap<string, SegmentEntry> {
  const names = new UniqueNames('segment', LIST);
  const entries = new Map<string, SegmentEntry>();
  for (const [i, one] of raw.entries()) {
    const [name, rule] = [member(one, 'name'), member(one, 'rule')];
    names.add(name, i, '/name', note);
    if (typeof name !== 'string' || typeof rule !== 'string' || entries.has(name)) continue;
    const path = `${LIST}/${i}/rule`;
    const fault = faultOf(() => {
      entries.set(name, { rule, tree: parseAndCheck(rule), path });
      return undefined;
    });
    if (fault !== undefined) note(path, () => fault);
  }
  return entries;
}

function noteCircle(
  circle: readonly string[],
  entries: ReadonlyMap<string, SegmentEntry>,
  note: Note,
): void {
  const [first = ''] = circle;
  const path = entries.get(first)?.path ?? LIST;
  note(
    path,
    () =>
      `the segment ${quote(first)} uses itself: ${showCircle(circle)}; remove one of these uses`,
  );
}

/** Returns the message of the error of a rule, or the problem that the function returns. */
function faultOf(attempt: () => string | undefined): string | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return error.message;
  }
}
