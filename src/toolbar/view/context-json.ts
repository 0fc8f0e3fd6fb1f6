import type { Snapshot } from '../../assignment/snapshot.ts';
import type { Inspection } from '../../express/inspection/inspection.ts';
import { QuietContext } from '../../express/inspection/quiet-context.ts';
import { parseAndCheck } from '../../rules/compile/compile.ts';
import { childrenOf, type RuleNode } from '../../rules/syntax/nodes.ts';
import { isoTextOf, timeOf } from '../../rules/typed-text/date.ts';
import { Version } from '../../rules/typed-text/version.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { keysOf, type Redactor } from './redactor.ts';
import { MAX_TEXT } from './texts.ts';

/** The most paths, items of a list and characters. */
const MAX_PATHS = 200;
const MAX_ITEMS = 100;
const MAX_JSON = 20_000;

/** Stands for a value that can't be copied. */
const NO_JSON = Symbol('no JSON');

type Json = string | number | boolean | null | Json[];

/** Objects by key, down to the values. */
interface Tree {
  [key: string]: Tree | Json;
}

/**
 * Returns the values at the paths that the rules and identities of experiments name, as JSON for `npx
 * evenhand explain --context`. Values that are hidden, not known, too large or not JSON are left out.
 */
export function contextJson(
  { snapshot, context }: Inspection,
  names: Iterable<string>,
  redactor: Redactor,
): string {
  const tree = emptyTree();
  const seen = new QuietContext(context);
  const paths = snapshot === undefined ? [] : namedPaths(snapshot, names);
  let left = MAX_JSON;
  for (const keys of paths.slice(0, MAX_PATHS)) {
    const value = valueAt(seen, keys);
    if (value === NO_JSON || !redactor.isOpen(keys.join('.'), value)) continue;
    left -= keys.join('.').length + JSON.stringify(value).length;
    if (left < 0) break;
    put(tree, keys, value);
  }
  return JSON.stringify(tree);
}

function emptyTree(): Tree {
  // Without a prototype, `__proto__` is an ordinary key.
  return Object.create(null) as Tree;
}

function put(tree: Tree, keys: readonly string[], value: Json): void {
  let owner = tree;
  for (const key of keys.slice(0, -1)) {
    const inner = owner[key];
    if (
      inner !== undefined &&
      (typeof inner !== 'object' || inner === null || Array.isArray(inner))
    ) {
      return;
    }
    owner = owner[key] = inner ?? emptyTree();
  }
  const last = keys.at(-1) ?? '';
  owner[last] ??= value;
}

function valueAt(context: object, keys: readonly string[]): Json | typeof NO_JSON {
  try {
    const value = readPath(context, keys);
    return value === MISSING ? NO_JSON : jsonOf(value);
  } catch {
    return NO_JSON;
  }
}

/** Returns a value that rules read alike from JSON. Objects count only by the paths into them. */
function jsonOf(value: unknown): Json | typeof NO_JSON {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TEXT ? NO_JSON : value;
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : NO_JSON;
    case 'object': {
      if (value === null) return null;
      const time = timeOf(value);
      if (time !== undefined) return Number.isNaN(time) ? NO_JSON : isoTextOf(value);
      if (Version.partsOf(value) !== undefined) return Version.textOf(value);
      return Array.isArray(value) ? listOf(value) : NO_JSON;
    }
    default:
      return NO_JSON;
  }
}

function listOf(list: readonly unknown[]): Json | typeof NO_JSON {
  if (list.length > MAX_ITEMS) return NO_JSON;
  const items: Json[] = [];
  for (const item of list) {
    const json = typeof item === 'object' && item !== null ? NO_JSON : jsonOf(item);
    if (json === NO_JSON) return NO_JSON;
    items.push(json);
  }
  return items;
}

/** Returns the paths that experiments name, also through the experiments and holdouts that they depend on. */
export function namedPaths(snapshot: Snapshot, names: Iterable<string>): (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  const specs = new Set<ExperimentSpec>();
  const add = (name: string): void => {
    const spec = snapshot.specOf(name);
    if (spec === undefined || specs.has(spec)) return;
    specs.add(spec);
    for (const keys of pathsOf(spec)) paths.set(keys.join('.'), keys);
    for (const other of spec.prerequisites ?? []) add(other.name);
    for (const holdout of snapshot.setup.experiments.holdouts?.of(name) ?? []) add(holdout.name);
  };
  for (const name of names) add(name);
  return [...paths.values()];
}

/** The paths of experiments, which are the same for all requests. */
const known = new WeakMap<ExperimentSpec, (readonly string[])[]>();

function pathsOf(spec: ExperimentSpec): (readonly string[])[] {
  let paths = known.get(spec);
  if (paths === undefined) {
    const { identity, audiences, segments = [] } = spec;
    const units = identityPaths(identity).filter((path) => path !== RANDOM_IDENTITY);
    paths = units.map((path) => path.split('.'));
    for (const { rule } of [...audiences, ...segments]) {
      if (rule !== undefined) collect(parseAndCheck(rule), paths);
    }
    known.set(spec, paths);
  }
  return paths;
}

/** Adds the longest paths in a rule; a list is read as a whole. */
function collect(node: RuleNode, paths: (readonly string[])[]): void {
  const isItem =
    node.kind === 'index' && node.index.kind === 'literal' && typeof node.index.value !== 'string';
  const keys = isItem ? undefined : keysOf(node);
  if (keys === undefined) for (const child of childrenOf(node)) collect(child, paths);
  else if (!RESERVED.has(keys[0] ?? '')) paths.push(keys);
}

/** Names in rules that are not of the context. */
const RESERVED: ReadonlySet<string> = new Set(['segments', 'experiments', 'now']);
