/**
 * Every error Evenhand throws on purpose. They are told apart by `code`, which never changes its
 * meaning: two copies of the package may be loaded at once (ESM and CommonJS), and `instanceof`
 * knows only its own copy. `docs/errors.md` explains each code.
 */

/** The codes of a {@link RuleError}; the first eight are those Cravensworth's evaluator tells apart. */
export type RuleErrorCode =
  | 'syntax'
  | 'name'
  | 'attribute'
  | 'type'
  | 'not-boolean'
  | 'forbidden'
  | 'call'
  | 'index'
  | 'key'
  | 'limit'
  | 'zero-division';

/** The codes of a {@link PlanoutError}. */
export type PlanoutErrorCode = 'operator' | 'script' | 'namespace';

/** All codes an {@link EvenhandError} can carry. */
export type ErrorCode =
  | RuleErrorCode
  | PlanoutErrorCode
  | 'json'
  | 'spec'
  | 'identity'
  | 'source'
  | 'option'
  | 'context'
  | 'not-mounted'
  | 'history'
  | 'conflict'
  | 'store';

/** Base of all errors Evenhand throws on purpose. */
export class EvenhandError extends Error {
  /** Stable, machine-readable cause; never reused for another one. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** One thing wrong with a specification. */
export interface Problem {
  /** JSON Pointer to the place, `''` for the whole document: `/experiments/0/variants/1/name`. */
  readonly path: string;
  /** Line in the file, from 1; absent where there is no text (an object was given). */
  readonly line?: number;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number;
  /** The text it is in, where the specification consists of several: a file's path. */
  readonly origin?: string;
  /** What is wrong and what to do, as one sentence or more. */
  readonly message: string;
}

/**
 * A specification that can't be used, with every problem found. `code` is `json` where the text is
 * no JSON, else `spec`.
 */
export class SpecError extends EvenhandError {
  /** All problems, in the order of the document. */
  readonly problems: readonly Problem[];
  /** Where the specification came from: a file's path, or a source's name. */
  readonly origin: string;

  constructor(code: 'json' | 'spec', origin: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      code,
      `${origin}: ${count}\n${problems.map((p) => describe(p.origin ?? origin, p)).join('\n')}`,
    );
    this.origin = origin;
    this.problems = problems;
  }
}

function describe(origin: string, { path, line, column, message }: Problem): string {
  const place = line === undefined ? '' : `${origin}:${line}:${column} `;
  const text = message.replaceAll('\n', '\n    ');
  const pointer = shownPath(path);
  return `  ${place}${pointer === '' ? '(document)' : pointer}\n    ${text}`;
}

/** How much of a long path's beginning and end is shown, in characters. */
const SHOWN_PATH = 100;

/** A path as messages show it: keys can be of any length, and one may stand in many paths. */
function shownPath(path: string): string {
  const shown =
    path.length > 2 * SHOWN_PATH ? `${path.slice(0, SHOWN_PATH)}…${path.slice(-SHOWN_PATH)}` : path;
  return withoutControls(shown);
}

/** A path or name of the user's, which may hold what would forge a line of the log. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
}

/** Where in a rule's source something is: offsets in UTF-16 code units, `end` exclusive. */
export interface RuleRange {
  readonly start: number;
  readonly end: number;
}

/** A rule that can't be compiled or evaluated; the message shows the rule with a caret. */
export class RuleError extends EvenhandError {
  declare readonly code: RuleErrorCode;
  /** The whole rule. */
  readonly rule: string;
  /** The place in the rule. */
  readonly range: RuleRange;
  /** What is wrong, without the excerpt of the rule. */
  readonly reason: string;

  constructor(code: RuleErrorCode, reason: string, rule: string, range: RuleRange) {
    super(code, `${reason}\n${excerpt(rule, range)}`);
    this.rule = rule;
    this.range = range;
    this.reason = reason;
  }
}

/** How much of a long rule's line is shown around the place, in characters. */
const EXCERPT = 80;

/** The line of the rule that holds the place, and carets under it. */
function excerpt(rule: string, { start, end }: RuleRange): string {
  // Before the first character there is no line break; lastIndexOf would look at that one.
  const lineStart = start === 0 ? 0 : rule.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = rule.indexOf('\n', start);
  const lineEnd = nextBreak === -1 ? rule.length : nextBreak;
  const from = Math.max(lineStart, start - EXCERPT / 2);
  const to = Math.min(lineEnd, from + EXCERPT);
  const lead = from > lineStart ? '…' : '';
  // Tabs and other control characters would move the caret or the terminal's cursor.
  const shown = rule
    .slice(from, to)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => ' '.repeat(one.length));
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${lead}${shown}${to < lineEnd ? '…' : ''}\n  ${' '.repeat(lead.length + start - from)}${carets}`;
}

/** An identity that can't tell participants apart: missing, null, NaN, or not a plain value. */
export class IdentityError extends EvenhandError {
  /** The experiment's name; undefined where none is involved, as in `bucketOf()`. */
  readonly experiment: string | undefined;
  /** The identity's path in the context, `user.id`; undefined where it has none. */
  readonly identity: string | undefined;

  constructor(experiment: string | undefined, identity: string | undefined, reason: string) {
    const where = experiment === undefined ? '' : `experiment ${JSON.stringify(experiment)}: `;
    const which = identity === undefined ? '' : ` ${JSON.stringify(identity)}`;
    super('identity', `${where}the identity${which} ${reason}`);
    this.experiment = experiment;
    this.identity = identity;
  }
}

/** A source that can't deliver: file missing or unreadable, server out of reach. */
export class SourceError extends EvenhandError {
  /** When the source can be asked again, in milliseconds from now; undefined where it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    super('source', message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** What else is known of the state that a {@link ConflictError} found. */
export interface FoundState {
  /** What the numbers are. @default 'revision' */
  readonly numbered?: 'revision' | 'version';
  /** Who made it, as they said. */
  readonly changedBy?: string | undefined;
  readonly changedAt?: Date | undefined;
}

/** A change that was meant for another state than the one there is; taken, it would undo somebody else's. */
export class ConflictError extends EvenhandError {
  /** The revision or version the change was meant for; undefined: for where nothing is. */
  readonly expected: number | undefined;
  /** The one there is; undefined where nothing is. */
  readonly actual: number | undefined;
  /** Who made what is there; undefined where that is not known. */
  readonly changedBy: string | undefined;
  /** When; undefined where that is not known. */
  readonly changedAt: Date | undefined;

  /** @param where what was to be changed: `Redis, key "evenhand:experiments"` */
  constructor(
    where: string,
    expected: number | undefined,
    actual: number | undefined,
    { numbered = 'revision', changedBy, changedAt }: FoundState = {},
  ) {
    const found = actual === undefined ? 'nothing is there' : `${numbered} ${actual} is there`;
    const by = changedBy === undefined ? '' : `, by ${withoutControls(changedBy)}`;
    const at = changedAt === undefined ? '' : `, since ${changedAt.toISOString()}`;
    const meant = expected === undefined ? 'nothing' : `${numbered} ${expected}`;
    super(
      'conflict',
      `${where}: ${found}${by}${at}, where ${meant} was expected; read it again and make the change on that`,
    );
    this.expected = expected;
    this.actual = actual;
    this.changedBy = changedBy;
    this.changedAt = changedAt;
  }
}

/**
 * A database in which experiments are written that can't be reached, or refuses. Nothing has changed
 * then; where the connection broke while it was committed, what is there tells.
 */
export class StoreError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('store', message, options);
  }
}

/** An option or argument that can't be meant; for options, thrown when the middleware or client is made. */
export class OptionError extends EvenhandError {
  constructor(message: string) {
    super('option', message);
  }
}

/** A context provider or lazy context value that did not give what it must. */
export class ContextError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('context', message, options);
  }
}

/** A request that has not passed `app.use(evenhand())`. */
export class NotMountedError extends EvenhandError {
  constructor(message: string) {
    super('not-mounted', message);
  }
}

/** A line of a namespace's history that is not as it was. */
export interface HistoryChange {
  readonly kind: 'inserted' | 'changed' | 'removed';
  /** From 1: in the history before for a line that was removed, else in the one after. */
  readonly line: number;
  /** The line as it was; absent where it was inserted. */
  readonly before?: object | undefined;
  /** The line as it is; absent where it was removed. */
  readonly after?: object | undefined;
}

/** How a namespace is not what it was. */
export interface NamespaceChange {
  readonly namespace: string;
  /** `removed`, `unit` and `segments` concern the namespace as a whole; `history` has `lines`. */
  readonly kind: 'removed' | 'unit' | 'segments' | 'history';
  /** Every line that is not as it was, in order. */
  readonly lines: readonly HistoryChange[];
  /** The share of the segments that get another experiment, or none, by this: [0, 1]. */
  readonly movedShare: number;
}

/** Histories of namespaces that were changed otherwise than by appending lines. */
export class HistoryError extends EvenhandError {
  /** Every namespace that is not what it was. */
  readonly changes: readonly NamespaceChange[];

  constructor(changes: readonly NamespaceChange[]) {
    super(
      'history',
      `users would move between experiments\n${changes.map(describeChange).join('\n')}\n  append lines at the end instead, or begin a namespace of another name`,
    );
    this.changes = changes;
  }
}

/** What a change that concerns a namespace as a whole is called. */
const WHOLE_CHANGES = {
  removed: 'is gone, and with it the parameters of everybody',
  unit: 'has another unit, and so deals everybody anew',
  segments: 'has another number of segments, and so deals everybody anew',
} as const;

function describeChange({ namespace, kind, lines, movedShare }: NamespaceChange): string {
  const name = `  namespace ${withoutControls(JSON.stringify(namespace))}`;
  if (kind !== 'history') return `${name} ${WHOLE_CHANGES[kind]}`;
  const percent = `${Number((movedShare * 100).toFixed(2))}%`;
  return [`${name}: ${percent} of the segments would move`, ...lines.map(describeLine)].join('\n');
}

function describeLine({ kind, line, before, after }: HistoryChange): string {
  const texts = [before, after]
    .filter((one) => one !== undefined)
    .map((one) => JSON.stringify(one));
  return `    line ${line} of the history was ${kind}: ${withoutControls(texts.join(' is now '))}`;
}

/** Where a {@link PlanoutError} arose; what is not known is absent. */
export interface PlanoutPlace {
  /** The operator's name, as `uniformChoice`. */
  readonly operator?: string;
  /** The operator's parameter (`choices`), where one is at fault. */
  readonly parameter?: string;
  /** JSON Pointer into the script, `''` for the whole: `/seq/0/value/choices`. */
  readonly path?: string;
  /** Line in the script's source, from 1; only where there is source text. */
  readonly line?: number;
  /** Column in that line, from 1, in UTF-16 code units as editors count. */
  readonly column?: number;
}

/**
 * Something PlanOut can't do: an operator's bad argument (`operator`), a script that can't be read or
 * run (`script`), segments or names that a namespace doesn't have (`namespace`).
 */
export class PlanoutError extends EvenhandError {
  declare readonly code: PlanoutErrorCode;
  /** The operator's name; undefined where none is involved. */
  readonly operator: string | undefined;
  /** The operator's parameter at fault; undefined where it is none. */
  readonly parameter: string | undefined;
  /** JSON Pointer into the script; undefined outside scripts and in source text. */
  readonly path: string | undefined;
  /** Line in the script's source, from 1; undefined where there is no source text. */
  readonly line: number | undefined;
  /** Column in that line, from 1; undefined where there is no source text. */
  readonly column: number | undefined;
  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(code: PlanoutErrorCode, reason: string, place: PlanoutPlace = {}) {
    super(code, `${describePlace(place)}${reason}`);
    this.operator = place.operator;
    this.parameter = place.parameter;
    this.path = place.path;
    this.line = place.line;
    this.column = place.column;
    this.reason = reason;
  }
}

function describePlace({ operator, path, line, column }: PlanoutPlace): string {
  let text = '';
  if (line !== undefined) text += `${line}:${column} `;
  if (path !== undefined) text += `${path === '' ? '(script)' : shownPath(path)} `;
  if (operator !== undefined) text += `${withoutControls(operator)}: `;
  return text;
}
