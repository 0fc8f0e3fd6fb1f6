import { FINE_BUCKETS } from '../../hash/bucket.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { pointerTo } from '../../json/pointer.ts';
import { isObject } from '../../options/check-options.ts';
import type { Finding } from '../finding.ts';
import { listOf } from '../note.ts';
import { meantPercents } from './meant-percents.ts';
import { meantState } from './meant-names.ts';

/** The mistakes that explain several errors of the JSON Schema at once. */
export interface CommonMistakes {
  readonly findings: readonly Finding[];
  /** JSON Pointers to the values that the findings explain, with everything inside them. */
  readonly explained: ReadonlySet<string>;
}

/** The most items that a remedy lists. */
const MAX_LISTED = 4;

/**
 * Finds the mistakes that people make when they write a specification for the first time, such as one
 * experiment without a list, or allocations outside an audience. Each is one finding with its remedy.
 *
 * @param data data that does not fit the JSON Schema
 */
export function commonMistakes(data: unknown): CommonMistakes {
  const found = new Found();
  const isList = Array.isArray(data);
  const experiments = isList ? data : member(data, 'experiments');
  if (experiments === undefined) inRoot(data, found);
  else if (isObject(experiments)) asMap(experiments, '/experiments', found);
  const base = isList ? '' : '/experiments';
  for (const [i, entry] of listOf(experiments).entries()) {
    if (isObject(entry)) inExperiment(entry, `${base}/${i}`, found);
  }
  return found;
}

/** Collects the mistakes. */
class Found implements CommonMistakes {
  readonly findings: Finding[] = [];
  readonly explained = new Set<string>();

  /** @param more pointers to other values that the finding explains */
  add(path: string, side: Finding['side'], say: () => string, ...more: readonly string[]): void {
    this.findings.push({ path, side, say });
    for (const one of [path, ...more]) this.explained.add(one);
  }
}

function inRoot(data: unknown, found: Found): void {
  if (!isObject(data)) return;
  if (looksLikeExperiment(data)) {
    found.add('', 'value', () => 'this is one experiment; put it in a list: [{ "name": …, … }]');
    return;
  }
  asMap(data, '', found);
}

function looksLikeExperiment(value: object): boolean {
  return Object.hasOwn(value, 'variants') || Object.hasOwn(value, 'audiences');
}

/** Reports an object whose keys are the names of switches or experiments. */
function asMap(map: Readonly<Record<string, unknown>>, path: string, found: Found): void {
  const entries = Object.entries(map).filter(([key]) => path !== '' || key !== '$schema');
  if (entries.length === 0) return;
  const states = entries.map(([, value]) => meantState(value));
  if (states.every((state) => state !== undefined)) {
    const listed = () => list(entries, ([name], i) => quote(`${name}:${states[i]}`));
    found.add(path, 'value', () => `write switches as a list: [${listed()}]`);
  } else if (entries.every(([, value]) => isObject(value) && looksLikeExperiment(value))) {
    const listed = () => list(entries, ([name]) => `{ "name": ${quote(name)}, … }`);
    found.add(
      path,
      'value',
      () => `write experiments as a list, each with its name: [${listed()}]`,
    );
  }
}

function inExperiment(entry: object, path: string, found: Found): void {
  const decimals = member(entry, 'buckets') === FINE_BUCKETS ? 2 : 0;
  inAudiences(entry, path, decimals, found);
  inVariants(member(entry, 'variants'), member(entry, 'audiences') === undefined, path, found);
  for (const [i, step] of listOf(member(entry, 'schedule')).entries()) {
    if (isObject(step)) inAudiences(step, `${path}/schedule/${i}`, decimals, found);
  }
}

/** Reports mistakes in the audiences of an experiment, or of a step of its schedule. */
function inAudiences(owner: object, path: string, decimals: 0 | 2, found: Found): void {
  const audiences = member(owner, 'audiences');
  const allocations = member(owner, 'allocations');
  if (allocations !== undefined && audiences === undefined) {
    found.add(
      `${path}/allocations`,
      'key',
      () => 'allocations belong in an audience; write "audiences": [{ "allocations": [ … ] }]',
      `${path}/audiences`,
      `${path}/rule`,
    );
  } else if (isObject(audiences) && Object.hasOwn(audiences, 'allocations')) {
    found.add(
      `${path}/audiences`,
      'value',
      () => 'audiences must be a list; put brackets around this audience: [{ "allocations": [ … ] }]',
    );
  }
  for (const [i, audience] of listOf(audiences).entries()) {
    const place = `${path}/audiences/${i}/allocations`;
    inAllocations(member(audience, 'allocations'), place, i, decimals, found);
  }
  inAllocations(allocations, `${path}/allocations`, 0, decimals, found);
}

function inVariants(variants: unknown, noAudiences: boolean, path: string, found: Found): void {
  const place = `${path}/variants`;
  const items = listOf(variants);
  const names = isObject(variants) ? Object.keys(variants) : items;
  if (names.length > 0 && names.every((name) => typeof name === 'string')) {
    const listed = () => list(names, (name) => `{ "name": ${quote(name)} }`);
    found.add(place, 'value', () => `write variants as a list of objects: [${listed()}]`);
    return;
  }
  const percents = items.flatMap((item, i) =>
    member(item, 'percent') === undefined ? [] : [`${place}/${i}/percent`],
  );
  const [first, ...others] = percents;
  if (first === undefined) return;
  const say = () =>
    'percents belong in the allocations of an audience; write "audiences": ' +
    '[{ "allocations": [{ "variant": "a", "percent": 50 }, … ] }]';
  found.add(first, 'key', say, ...others, ...(noAudiences ? [`${path}/audiences`] : []));
}

function inAllocations(
  allocations: unknown,
  path: string,
  audience: number,
  decimals: 0 | 2,
  found: Found,
): void {
  const pairs = isObject(allocations) ? Object.entries(allocations) : listOf(allocations);
  if (pairs.length > 0 && pairs.every(isPair)) {
    const listed = () =>
      list(
        pairs,
        ([variant, percent]) => `{ "variant": ${quote(variant)}, "percent": ${percent} }`,
      );
    found.add(path, 'value', () => `write allocations as a list of objects: [${listed()}]`);
    return;
  }
  const items = listOf(allocations);
  const percents = items.map((item) => member(item, 'percent'));
  // The schema allows decimals; the checks across fields report them.
  if (percents.every((percent) => typeof percent === 'number')) return;
  const meant = meantPercents(percents, decimals);
  if (meant === undefined) return;
  const wanted = decimals === 0 ? 'be whole numbers that' : 'be numbers that';
  found.add(
    path,
    'value',
    () =>
      `percents must ${wanted} sum to 100; for audience ${audience + 1}, write ${list(meant, String)}`,
    ...items.map((_, i) => pointerTo(pointerTo(path, i), 'percent')),
  );
}

function isPair(value: unknown): value is [variant: string, percent: number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'number'
  );
}

/** Lists the first items; a specification may have thousands. */
function list<T>(items: readonly T[], show: (item: T, i: number) => string): string {
  const shown = items.slice(0, MAX_LISTED).map(show).join(', ');
  return items.length > MAX_LISTED ? `${shown}, …` : shown;
}
