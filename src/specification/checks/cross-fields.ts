import { RuleError } from '../../errors/rule-error.ts';
import { SharedParts } from '../../rules/compile/compilation.ts';
import { CompiledRule, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { answerFaults, type ContextChecks, contextChecks } from '../context/context-checks.ts';
import type { RuleUses } from './declared-uses.ts';
import { declaredContext } from '../schema/shape.ts';
import type { Finding } from '../finding.ts';
import { member } from '../../json/own.ts';
import { copyJson } from '../../json/copy.ts';
import { checkHoldouts } from './holdout-checks.ts';
import { checkIdentityList } from './identity-checks.ts';
import { checkPercents } from './percent-checks.ts';
import { EXPERIMENTS, SEGMENTS } from '../../rules/compile/resolve-names.ts';
import { declareNames } from './declared-names.ts';
import { checkUses } from './prerequisite-checks.ts';
import { daysIn } from '../instant.ts';
import { checkMetrics } from '../metrics/metric-checks.ts';
import { noteFault, noteRulePlace, noteSticky, noteUndeclared } from './audience-notes.ts';
import { checkSchedule } from './schedule-checks.ts';
import { checkNamespaces, type NamespaceScripts } from './namespace-checks.ts';
import { listOf, type Note, UniqueNames } from '../note.ts';
import { isObject } from '../../options/check-options.ts';
import type { KnownOperators } from '../../planout/operator-set.ts';
import { STEP, type Steps } from '../../runtime/steps.ts';
import { RANDOM_IDENTITY } from '../reserved-identities.ts';

/** The required sum of the percents of an audience's allocations. */
const WHOLE = 100;

/** Returns the problem of a rule, or undefined. */
type CheckRule = (rule: string) => string | undefined;

/** Returns the problem of a rule that compiles, or undefined. */
type CheckTypes = (rule: string, declarations?: RuleDeclarations) => string | undefined;

/** The result of the checks across fields. */
export interface CrossFields {
  readonly findings: readonly Finding[];
  /** The compiled rules by their source, so that no rule is compiled twice. */
  readonly rules: ReadonlyMap<string, CompiledRule>;
  /** The compiled scripts of the namespaces, by the raw experiment object. */
  readonly scripts: NamespaceScripts;
  /** True if the context is declared. */
  readonly declaresContext: boolean;
  /** The declarations that the rules are compiled with; undefined if none of them matters. */
  readonly declarations?: RuleDeclarations | undefined;
  /** The names that the rules of each experiment use; undefined if they use none. */
  readonly uses?: ReadonlyMap<string, RuleUses> | undefined;
  /** True if an experiment has a schedule. */
  readonly scheduled: boolean;
}

/** The checks of a specification that declares no context. */
const NO_CHECKS: ContextChecks = {
  findings: [],
  type: undefined,
  checkRule: (source, declarations) =>
    declarations?.experiments && answerFaults(source, declarations),
  checkIdentity() {},
  namespaces: { checkUnit() {}, checkScript() {} },
};

const NO_SCRIPTS: NamespaceScripts = new Map();

/**
 * Finds, in steps, the problems that a schema can't describe. In experiments: names used twice, allocations
 * of undeclared variants, percents with too many decimals, and sums other than 100. In rules and
 * identities: those that don't compile, are in the wrong place or don't fit the declared context. Elsewhere:
 * values that aren't JSON, invalid scripts and histories of namespaces. Takes any data. Skips parts of the wrong shape, because the schema's
 * findings report them.
 *
 * @param operators the operators that scripts may call besides PlanOut's own
 */
export function* checkCrossFields(data: unknown, operators: KnownOperators): Steps<CrossFields> {
  const findings: Finding[] = [];
  const rules = new Map<string, CompiledRule>();
  const note: Note = (path, say) => findings.push({ path, side: 'value', say });
  const declared = declaredContext(data);
  const context = declared === undefined ? NO_CHECKS : contextChecks(declared);
  findings.push(...context.findings);
  const isList = Array.isArray(data);
  const base = isList ? '' : '/experiments';
  const entries = isList ? listOf(data) : listOf(member(data, 'experiments'));
  const shared = new SharedParts();
  const named = mayUseNames(data, entries)
    ? declareNames({ data, entries, context }, shared, note)
    : undefined;
  const declarations = named ?? context.declarations;
  const checkRule = ruleChecker(rules, shared, context.checkRule, declarations);
  const names = new UniqueNames('experiment', base);
  let scheduled = false;
  let analysed = false;
  for (let i = 0; i < entries.length; i++) {
    if (i % STEP === 0) yield;
    const entry = entries[i];
    if (typeof entry === 'string') {
      const [name] = entry.split(':', 1);
      names.add(name, i, '', note);
      continue;
    }
    const path = `${base}/${i}`;
    names.add(member(entry, 'name'), i, '/name', note);
    const identity = member(entry, 'identity');
    if (Array.isArray(identity)) checkIdentityList(identity, path, note);
    context.checkIdentity(identity, path, note);
    if (checkExperiment(entry, path, checkRule, note)) scheduled = true;
    if (isAnalysed(entry)) analysed = true;
  }
  const namespaces = isList ? undefined : member(data, 'namespaces');
  const scripts = Array.isArray(namespaces)
    ? checkNamespaces(namespaces, { context: context.namespaces, operators }, note)
    : NO_SCRIPTS;
  if (Array.isArray(member(data, 'holdouts'))) {
    const { checkIdentity } = context;
    checkHoldouts(data, { experiments: names.declared, checkIdentity, checkDay }, note);
  }
  if (analysed || (!isList && declaresAnalyses(data))) checkMetrics(data, note);
  const uses = named && (yield* checkUses(entries, base, named, note));
  const declaresContext = declared !== undefined;
  return { findings, rules, scripts, declaresContext, scheduled, declarations, uses };
}

/** Returns true if a rule may use the names of segments or experiments. Costs next to nothing. */
function mayUseNames(data: unknown, entries: readonly unknown[]): boolean {
  return Array.isArray(member(data, SEGMENTS)) || entries.some(mayAsk);
}

function isAnalysed(owner: unknown): boolean {
  return member(owner, 'analysis') !== undefined;
}

/** Returns true if there are metrics, or analyses besides those of experiments. */
function declaresAnalyses(data: unknown): boolean {
  return (
    member(data, 'metrics') !== undefined ||
    listOf(member(data, 'holdouts')).some(isAnalysed) ||
    listOf(member(data, 'namespaces')).some((one) =>
      listOf(member(one, 'experiments')).some(isAnalysed),
    )
  );
}

function mayAsk(entry: unknown): boolean {
  return [entry, ...listOf(member(entry, 'schedule'))].some((owner) =>
    listOf(member(owner, 'audiences')).some((audience) => {
      const rule = member(audience, 'rule');
      return typeof rule === 'string' && rule.includes(EXPERIMENTS);
    }),
  );
}

// Nearly all specifications are valid, and loading waits for these checks. So the code builds paths and
// message closures only when there is a finding, in functions of their own.

/** Returns true if the experiment has a schedule. */
function checkExperiment(entry: unknown, path: string, checkRule: CheckRule, note: Note): boolean {
  checkDay(member(entry, 'expires'), path, note);
  if (member(entry, 'sticky') === true && member(entry, 'identity') === RANDOM_IDENTITY) {
    noteSticky(path, note);
  }
  const declared = checkVariants(listOf(member(entry, 'variants')), path, note);
  checkAudiences(entry, entry, declared, path, checkRule, note);
  const schedule = listOf(member(entry, 'schedule'));
  if (schedule.length === 0) return false;
  const check = (step: unknown, place: string): void =>
    checkAudiences(step, entry, declared, place, checkRule, note);
  checkSchedule(schedule, `${path}/schedule`, check, note);
  return true;
}

/** Checks the audiences of `owner`: the experiment `entry`, or a step of its schedule. */
function checkAudiences(
  owner: unknown,
  entry: unknown,
  declared: ReadonlyMap<string, number> | undefined,
  path: string,
  checkRule: CheckRule,
  note: Note,
): void {
  const audiences = listOf(member(owner, 'audiences'));
  for (let i = 0; i < audiences.length; i++) {
    const audience = audiences[i];
    const rule = member(audience, 'rule');
    const allocations = listOf(member(audience, 'allocations'));
    const isLast = i === audiences.length - 1;
    const isMissing = rule === undefined || rule === null;
    if (isMissing !== isLast && isObject(audience)) {
      noteRulePlace(i, audiences.length, `${path}/audiences/${i}`, note);
    }
    const fault = typeof rule === 'string' ? checkRule(rule) : undefined;
    if (fault !== undefined) noteFault(entry, fault, `${path}/audiences/${i}/rule`, note);
    if (declared !== undefined) checkDeclared(allocations, declared, i, path, note);
    checkSum(allocations, entry, i, path, note);
  }
}

/** Returns the declared names; undefined when some variant has no usable name. */
function checkVariants(
  variants: readonly unknown[],
  path: string,
  note: Note,
): ReadonlyMap<string, number> | undefined {
  const names = new UniqueNames('variant', `${path}/variants`);
  let allNamed = variants.length > 0;
  for (let i = 0; i < variants.length; i++) {
    const name = member(variants[i], 'name');
    names.add(name, i, '/name', note);
    // An allocation may refer to a variant whose name is missing or not a string.
    if (typeof name !== 'string') allNamed = false;
    const value = member(variants[i], 'value');
    if (value !== undefined) checkValue(value, `${path}/variants/${i}/value`, note);
  }
  return allNamed ? names.declared : undefined;
}

function noteText(path: string, text: string, note: Note): void {
  note(path, () => text);
}

/** Reports days that their month does not have. The schema reports everything else about dates. */
function checkDay(day: unknown, path: string, note: Note): void {
  if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return;
  const [year, month = 0, date = 0] = day.split('-').map(Number);
  if (month < 1 || month > 12 || date < 1 || date > 31) return;
  const last = daysIn(year ?? 0, month);
  if (date > last) {
    const text = `expires is ${day}, but ${day.slice(0, 7)} has only ${last} days`;
    noteText(`${path}/expires`, text, note);
  }
}

function checkValue(value: unknown, path: string, note: Note): void {
  const copied = copyJson(value);
  if ('problem' in copied) noteText(path + copied.problem.path, copied.problem.message, note);
}

function checkDeclared(
  allocations: readonly unknown[],
  declared: ReadonlyMap<string, number>,
  audience: number,
  path: string,
  note: Note,
): void {
  for (let i = 0; i < allocations.length; i++) {
    const variant = member(allocations[i], 'variant');
    if (typeof variant !== 'string' || declared.has(variant)) continue;
    noteUndeclared(
      variant,
      declared,
      `${path}/audiences/${audience}/allocations/${i}/variant`,
      note,
    );
  }
}

/** Reports wrong sums and decimals. Adds up whole percents itself, which nearly all are. */
function checkSum(
  allocations: readonly unknown[],
  entry: unknown,
  audience: number,
  path: string,
  note: Note,
): void {
  let sum = 0;
  for (let i = 0; i < allocations.length; i++) {
    const percent = member(allocations[i], 'percent');
    if (typeof percent !== 'number' || !Number.isInteger(percent) || percent < 0) sum = Number.NaN;
    else sum += percent;
  }
  if (sum === WHOLE || allocations.length === 0) return;
  const place = {
    percents: allocations.map((allocation) => member(allocation, 'percent')),
    buckets: member(entry, 'buckets'),
    audience,
    path: `${path}/audiences/${audience}/allocations`,
  };
  checkPercents(place, note);
}

/** Returns a check that compiles each distinct rule once and stores it in `rules`. */
function ruleChecker(
  rules: Map<string, CompiledRule>,
  shared: SharedParts,
  checkTypes: CheckTypes,
  declarations: RuleDeclarations | undefined,
): CheckRule {
  const faults = new Map<string, string>();
  return (source) => {
    if (rules.has(source) || faults.has(source)) return faults.get(source);
    try {
      rules.set(source, new CompiledRule(source, shared, declarations));
      const fault = checkTypes(source, declarations);
      if (fault !== undefined) faults.set(source, fault);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      faults.set(source, error.message);
    }
    return faults.get(source);
  };
}
