import { PlanoutError } from '../../errors/planout-error.ts';
import type { KnownOperators } from '../../planout/operator-set.ts';
import type { Script } from '../../planout/script/script.ts';
import { readScript } from '../../planout/script/read-script.ts';
import { MAX_SEGMENTS } from '../../planout/namespaces/segment-pool.ts';
import { member } from '../../json/own.ts';
import { pointerTo } from '../../json/pointer.ts';
import { copyJson } from '../../json/copy.ts';
import type { NamespaceContextChecks } from '../context/namespace-context.ts';
import { checkHistory, MAX_HASHES } from './namespace-history-checks.ts';
import { DEFAULT_SEGMENTS, VARIANT_PARAMETER } from '../schema/namespace-shape.ts';
import { listOf, type Note, UniqueNames } from '../note.ts';

/**
 * The limit for the segments of all namespaces of a specification. Each segment takes four bytes of the
 * snapshot and about 100 ns when it is loaded, so the limit means 40 megabytes and one second.
 */
const MAX_SEGMENTS_IN_ALL = 10_000_000;

/** The compiled scripts of namespaces, by the raw experiment object. */
export type NamespaceScripts = ReadonlyMap<unknown, Script>;

/** The facts that namespaces are checked against. */
interface NamespaceSubject {
  /** The checks against the declared context. */
  readonly context: NamespaceContextChecks;
  /** The operators that scripts may call besides PlanOut's own. */
  readonly operators: KnownOperators;
}

/**
 * Finds the problems of namespaces that a schema can't describe: names used twice, invalid scripts,
 * weights that are all 0, impossible histories. Takes any data and skips parts of the wrong shape.
 *
 * @param subject the declared context, and the operators that scripts may call besides PlanOut's own
 */
export function checkNamespaces(
  namespaces: unknown,
  { context, operators }: NamespaceSubject,
  note: Note,
): NamespaceScripts {
  const scripts = new Map<unknown, Script>();
  const read: ReadScript = (script) => readScript(script, operators);
  const names = new UniqueNames('namespace', '/namespaces');
  let hashesLeft = MAX_HASHES;
  let segmentsLeft = MAX_SEGMENTS_IN_ALL;
  for (const [i, namespace] of listOf(namespaces).entries()) {
    const path = `/namespaces/${i}`;
    names.add(member(namespace, 'name'), i, '/name', note);
    context.checkUnit(namespace, path, note);
    checkValues(member(namespace, 'defaults'), `${path}/defaults`, note);
    const taken = new UniqueNames('experiment', `${path}/experiments`);
    const experiments = listOf(member(namespace, 'experiments'));
    for (const [j, experiment] of experiments.entries()) {
      const at = `${path}/experiments/${j}`;
      taken.add(member(experiment, 'name'), j, '/name', note);
      checkExperiment(experiment, at, { scripts, read }, note);
      const inspection = scripts.get(experiment)?.inspection;
      if (inspection !== undefined) {
        context.checkScript(inspection, namespace, `${at}/script`, note);
      }
    }
    // A line may refer to an experiment whose name is missing or not a string.
    const allNamed = experiments.every((one) => typeof member(one, 'name') === 'string');
    const segments = member(namespace, 'segments') ?? DEFAULT_SEGMENTS;
    const count = isCount(segments) ? segments : undefined;
    if (segmentsLeft >= 0 && (segmentsLeft -= count ?? 0) < 0) {
      note(
        `${path}/segments`,
        () =>
          `the namespaces have more than ${MAX_SEGMENTS_IN_ALL} segments in total; use fewer segments`,
      );
    }
    // A history that exceeds the limit is reported itself and does not use up the others' share.
    const hashes = checkHistory(
      listOf(member(namespace, 'history')),
      {
        segments: count,
        fast: member(namespace, 'sampling') === 'fast',
        declared: allNamed ? taken.declared : undefined,
        hashesLeft,
      },
      `${path}/history`,
      note,
    );
    if (hashes <= hashesLeft) hashesLeft -= hashes;
  }
  return scripts;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_SEGMENTS;
}

/** Compiles a script. Throws PlanoutError if it is invalid. */
type ReadScript = (script: unknown) => Script;

/** Compiles scripts and keeps them by the raw experiment object. */
interface Compiling {
  readonly scripts: Map<unknown, Script>;
  readonly read: ReadScript;
}

function checkExperiment(
  experiment: unknown,
  path: string,
  compiling: Compiling,
  note: Note,
): void {
  if (typeof experiment !== 'object' || experiment === null) return;
  const script = member(experiment, 'script');
  const variants = member(experiment, 'variants');
  if ((script === undefined) === (variants === undefined)) {
    note(path, () =>
      script === undefined
        ? 'this experiment has neither "script" nor "variants"; add one of them'
        : 'this experiment has both "script" and "variants"; remove one of them',
    );
  }
  if (script !== undefined) checkScript(experiment, script, `${path}/script`, compiling, note);
  checkVariants(listOf(variants), `${path}/variants`, note);
}

/** Compiles a script: source text, its lines, or JSON. */
function checkScript(
  experiment: object,
  script: unknown,
  path: string,
  { scripts, read }: Compiling,
  note: Note,
): void {
  const lines = Array.isArray(script) ? (script as readonly unknown[]) : undefined;
  if (lines?.some((line) => typeof line !== 'string')) return;
  if (typeof script !== 'string' && (typeof script !== 'object' || script === null)) return;
  try {
    scripts.set(experiment, read(lines === undefined ? script : lines.join('\n')));
  } catch (error) {
    if (!(error instanceof PlanoutError)) throw error;
    const { line, column, operator, reason } = error;
    const what = operator === undefined ? reason : `${operator}: ${reason}`;
    if (line === undefined) note(path + (error.path ?? ''), () => what);
    else if (lines === undefined) note(path, () => `line ${line}, column ${column}: ${what}`);
    // An unexpected end of the script is one line after the last.
    else if (line > lines.length) note(path, () => what);
    else note(`${path}/${line - 1}`, () => `column ${column}: ${what}`);
  }
}

function checkVariants(variants: readonly unknown[], path: string, note: Note): void {
  const names = new UniqueNames('variant', path);
  let sum = 0;
  for (const [i, variant] of variants.entries()) {
    const at = `${path}/${i}`;
    names.add(member(variant, 'name'), i, '/name', note);
    const values = member(variant, 'values');
    checkValues(values, `${at}/values`, note);
    if (member(values, VARIANT_PARAMETER) !== undefined) {
      note(
        `${at}/values/${VARIANT_PARAMETER}`,
        () =>
          `the parameter "${VARIANT_PARAMETER}" already holds the variant's name; rename this parameter`,
      );
    }
    const weight = member(variant, 'weight') ?? 1;
    sum += typeof weight === 'number' ? weight : Number.NaN;
  }
  if (variants.length === 0) return;
  if (sum === 0) {
    note(path, () => 'all weights are 0, so no unit can get a variant; raise at least one weight');
  }
  if (sum === Number.POSITIVE_INFINITY) {
    note(path, () => 'the sum of the weights is too large; use smaller weights');
  }
}

/** Reports values of parameters that are not JSON. */
function checkValues(values: unknown, path: string, note: Note): void {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return;
  for (const [name, value] of Object.entries(values)) {
    const copied = copyJson(value);
    if ('problem' in copied) {
      note(pointerTo(path, name) + copied.problem.path, () => copied.problem.message);
    }
  }
}
