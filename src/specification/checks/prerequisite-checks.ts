import { RuleError } from '../../errors/rule-error.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { prerequisitesIn, segmentsIn } from '../../rules/compile/compiled-segment.ts';
import { parseAndCheck, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { SEGMENTS } from '../../rules/compile/resolve-names.ts';
import { MAX_CHAIN } from '../../rules/values/limits.ts';
import { STEP, type Steps } from '../../runtime/steps.ts';
import type { RuleUses } from './declared-uses.ts';
import type { Note } from '../note.ts';
import { placedRules } from './declared-names.ts';
import { orderOf, showCircle } from './order.ts';

/** The names that a rule uses itself, as nodes of the graph: `checkout`, `segments.paying`. */
type Needs = readonly string[];

/** An experiment in the graph of uses. */
interface ExperimentNode {
  readonly needs: Needs;
  /** JSON Pointers to the rules by the name that they use. */
  readonly places: ReadonlyMap<string, string>;
}

/**
 * Finds, in steps, the segments and experiments that each experiment's rules use. Reports experiments that ask for
 * themselves, and chains that are too long.
 *
 * @param base JSON Pointer to the list of experiments
 * @returns the uses by experiment, in an order in which each comes after those it asks for
 */
export function* checkUses(
  entries: readonly unknown[],
  base: string,
  declarations: RuleDeclarations,
  note: Note,
): Steps<ReadonlyMap<string, RuleUses>> {
  const needsOf = cachedNeeds(declarations);
  const experiments = new Map<string, ExperimentNode>();
  for (const [i, entry] of entries.entries()) {
    if (i % STEP === 0) yield;
    const name = member(entry, 'name');
    if (typeof entry === 'string' || typeof name !== 'string') continue;
    const places = new Map<string, string>();
    for (const { rule, path } of placedRules(entry, `${base}/${i}`)) {
      for (const need of needsOf(rule)) if (!places.has(need)) places.set(need, path);
    }
    if (places.size > 0) experiments.set(name, { needs: [...places.keys()], places });
  }
  const graph = new Map<string, Needs>();
  for (const [name, { needs }] of experiments) graph.set(name, needs);
  for (const [name, { source }] of declarations.segments ?? []) {
    graph.set(nodeOf(name), needsOf(source));
  }
  const { sorted, circles } = orderOf(graph);
  for (const circle of circles) noteCircle(circle, experiments, note);
  const reached = new Map<string, RuleUses>();
  const chains = new Map<string, number>();
  const uses = new Map<string, RuleUses>();
  for (const node of sorted) {
    const needs = graph.get(node) ?? [];
    reached.set(node, joined(needs, reached));
    const experiment = experiments.get(node);
    chains.set(node, chainOf(needs, chains) + (experiment === undefined ? 0 : 1));
    if (experiment === undefined) continue;
    uses.set(node, reached.get(node) ?? NOTHING);
    // Each experiment of a longer chain would be reported for the same reason.
    if (chains.get(node) === MAX_CHAIN + 1) noteChain(node, experiment, note);
  }
  return uses;
}

const NOTHING: RuleUses = { segments: [], prerequisites: [] };

function nodeOf(segment: string): string {
  return `${SEGMENTS}.${segment}`;
}

/** Returns a function that finds the names that a rule uses itself; nothing for an invalid rule. */
function cachedNeeds(declarations: RuleDeclarations): (rule: string) => Needs {
  const known = new Map<string, Needs>();
  return (rule) => {
    let needs = known.get(rule);
    if (needs === undefined) known.set(rule, (needs = findNeeds(rule, declarations)));
    return needs;
  };
}

function findNeeds(rule: string, declarations: RuleDeclarations): Needs {
  try {
    const tree = parseAndCheck(rule, declarations);
    const segments = segmentsIn(tree).map(({ name }) => nodeOf(name));
    return [...new Set([...segments, ...prerequisitesIn(tree)])];
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return [];
  }
}

/** Returns everything that is used directly or through segments. */
function joined(needs: Needs, reached: ReadonlyMap<string, RuleUses>): RuleUses {
  const segments = new Set<string>();
  const prerequisites = new Set<string>();
  for (const need of needs) {
    if (!need.startsWith(`${SEGMENTS}.`)) {
      prerequisites.add(need);
      continue;
    }
    segments.add(need.slice(SEGMENTS.length + 1));
    for (const one of reached.get(need)?.segments ?? []) segments.add(one);
    for (const one of reached.get(need)?.prerequisites ?? []) prerequisites.add(one);
  }
  return { segments: [...segments], prerequisites: [...prerequisites] };
}

/** Returns the length of the longest chain of experiments among the names. */
function chainOf(needs: Needs, chains: ReadonlyMap<string, number>): number {
  return Math.max(0, ...needs.map((need) => chains.get(need) ?? 1));
}

function noteCircle(
  circle: readonly string[],
  experiments: ReadonlyMap<string, ExperimentNode>,
  note: Note,
): void {
  const links = circle.slice(0, -1);
  const start = links.findIndex((one) => experiments.has(one));
  // Circles of segments alone are reported with the segments.
  if (start === -1) return;
  const [first = '', second = first] = [...links.slice(start), ...links.slice(0, start)];
  const path = [...links.slice(start), ...links.slice(0, start), first];
  note(
    experiments.get(first)?.places.get(second) ?? '',
    () =>
      `the experiment ${quote(first)} asks for itself: ${showCircle(path)}; remove one of these uses`,
  );
}

function noteChain(name: string, { places }: ExperimentNode, note: Note): void {
  const [path = ''] = places.values();
  note(
    path,
    () =>
      `the experiment ${quote(name)} begins a chain of more than ${MAX_CHAIN} experiments, each of which asks for the next; shorten the chain`,
  );
}
