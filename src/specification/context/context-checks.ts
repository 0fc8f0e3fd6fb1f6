import type { Problem } from '../../errors/spec-error.ts';
import { inferFindings } from '../../rules/types/infer.ts';
import type { ContextType } from '../../rules/types/types.ts';
import type { TypeFinding } from '../../rules/types/notes.ts';
import { hasOptional, optionalReadsIn } from '../../rules/types/optional-reads.ts';
import { identityFault } from './context-path.ts';
import { readContext } from './context-schema.ts';
import { type NamespaceContextChecks, namespaceContextChecks } from './namespace-context.ts';
import type { Finding } from '../finding.ts';
import { isReservedIdentity } from '../reserved-identities.ts';
import { declaredContext } from '../schema/shape.ts';
import { member } from '../../json/own.ts';
import { listOf, type Note } from '../note.ts';
import { isObject } from '../../options/check-options.ts';
import type { RuleError, RuleRange } from '../../errors/rule-error.ts';
import { parseAndCheck, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { childrenOf, type RuleNode } from '../../rules/syntax/nodes.ts';
import { undeclaredContext } from './standard-context.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';

/** The checks against the declared context of a specification. */
export interface ContextChecks {
  readonly findings: readonly Finding[];
  /** Returns the certain problems of a rule that compiles; undefined when it has none. */
  readonly checkRule: (source: string, declarations?: RuleDeclarations) => string | undefined;
  /** The type of the declared context; undefined without one. */
  readonly type: ContextType | undefined;
  /** The part of the declaration that changes the meaning of rules, if there is one. */
  readonly declarations?: RuleDeclarations;
  /** Reports a problem of the identity of the experiment at `path`. */
  readonly checkIdentity: (identity: unknown, path: string, note: Note) => void;
  readonly namespaces: NamespaceContextChecks;
}

/** Returns the checks for a specification with the given `context`. */
export function contextChecks(schema: object): ContextChecks {
  const { type, findings } = readContext(schema, '/context');
  return {
    findings,
    type,
    ...(hasOptional([type]) && { declarations: { findOptional: optionalReadsIn(type) } }),
    checkRule(source, declarations) {
      const found = inferFindings(source, type, didYouMean, [], declarations);
      const faults = found.filter(({ certain }) => certain);
      return faults.length === 0 ? undefined : messageOf(faults);
    },
    checkIdentity(identity, path, note) {
      const check = (one: unknown, place: string): void => {
        if (typeof one !== 'string' || isReservedIdentity(one)) return;
        const fault = identityFault(one, type);
        if (fault !== undefined) note(place, fault);
      };
      const place = `${path}/identity`;
      if (!Array.isArray(identity)) check(identity, place);
      else for (const [i, one] of identity.entries()) check(one, `${place}/${i}`);
    },
    namespaces: namespaceContextChecks(type),
  };
}

/**
 * Returns the likely mistakes in the rules of a valid specification: rules that fail for some contexts
 * that the declared context allows, and parts of rules that never have an effect. Without a declared
 * context, only the types of the values that Evenhand provides are known.
 *
 * @param data the parsed content of `experiments.config.json`
 * @returns problems without lines, in the order of the document
 */
export function contextWarnings(
  data: unknown,
  declarations?: RuleDeclarations,
): readonly Problem[] {
  const schema = declaredContext(data);
  const type = contextTypeOf(data);
  const [entries, base] = Array.isArray(data)
    ? [data as readonly unknown[], '']
    : [listOf(member(data, 'experiments')), '/experiments'];
  const doubtsIn = (rule: string, path: string, earlier: readonly string[]): Problem[] =>
    inferFindings(rule, type, didYouMean, earlier, declarations)
      .filter(({ certain, error }) => (schema === undefined ? !isAboutUser(error) : !certain))
      .map(({ error }) => ({ path, message: error.message }));
  const segments = Array.isArray(data) ? [] : listOf(member(data, 'segments'));
  const lists = entries.flatMap((entry, i) => audiencesIn(entry, `${base}/${i}`));
  return [
    ...segments.flatMap((segment, i) =>
      doubtsIn(String(member(segment, 'rule')), `/segments/${i}/rule`, []),
    ),
    ...lists.flatMap(({ audiences, path }) => {
      const earlier: string[] = [];
      return audiences.flatMap((audience, j) => {
        const rule = member(audience, 'rule');
        if (typeof rule !== 'string') return [];
        const doubts = doubtsIn(rule, `${path}/${j}/rule`, earlier);
        earlier.push(rule);
        return doubts;
      });
    }),
  ];
}

/** A list of audiences and the pointer to it. */
interface Audiences {
  readonly audiences: readonly unknown[];
  readonly path: string;
}

/** Returns the audiences of an experiment, and of each step of its schedule. */
function audiencesIn(entry: unknown, path: string): Audiences[] {
  const steps = listOf(member(entry, 'schedule'));
  return [entry, ...steps].map((owner, i) => ({
    audiences: listOf(member(owner, 'audiences')),
    path: `${path}${i === 0 ? '' : `/schedule/${i - 1}`}/audiences`,
  }));
}

/**
 * Returns the certain problems of the questions about other experiments in a rule, such as a variant that
 * is not declared. For a specification that declares no context.
 */
export function answerFaults(source: string, declarations: RuleDeclarations): string | undefined {
  const places = placesOfAnswers(parseAndCheck(source, declarations));
  if (places.length === 0) return undefined;
  const found = inferFindings(source, undeclaredContext(), didYouMean, [], declarations);
  const faults = found.filter(
    ({ certain, error: { range } }) =>
      certain && places.some(({ start, end }) => range.start <= start && end <= range.end),
  );
  return faults.length === 0 ? undefined : messageOf(faults);
}

function placesOfAnswers(node: RuleNode): readonly RuleRange[] {
  if (node.kind === 'prerequisite') return [node];
  return childrenOf(node).flatMap(placesOfAnswers);
}

/**
 * Returns the types of the context of a valid specification. Without a declared context, only those of
 * the values that Evenhand provides are known.
 *
 * @param data the parsed content of `experiments.config.json`
 */
export function contextTypeOf(data: unknown): ContextType {
  const schema = declaredContext(data);
  return schema === undefined ? undeclaredContext() : readContext(schema, '/context').type;
}

/**
 * Returns true if a finding is about the whole user. In a request the user is an object, but a job may
 * pass a text.
 */
function isAboutUser({ rule, range }: RuleError): boolean {
  return /(?<![\w.])user(?![\w.[])/.test(rule.slice(range.start, range.end));
}

/**
 * Returns the names that the declared context of a specification has, and those of its user as
 * `user.plan`. Returns undefined if it declares no context.
 *
 * @param data the parsed content of `experiments.config.json`
 */
export function declaredNames(data: unknown): ReadonlySet<string> | undefined {
  const schema = declaredContext(data);
  if (schema === undefined) return undefined;
  const properties = member(schema, 'properties');
  const user = member(member(properties, 'user'), 'properties');
  return new Set([...namesIn(properties), ...namesIn(user).map((name) => `user.${name}`)]);
}

function namesIn(properties: unknown): string[] {
  return isObject(properties) ? Object.keys(properties) : [];
}

/** The number of problems that are listed for one rule. Fixing these shows the next. */
const MAX_FAULTS = 10;

function messageOf(findings: readonly TypeFinding[]): string {
  const texts = findings.slice(0, MAX_FAULTS).map(({ error }) => error.message);
  const more = findings.length - texts.length;
  return [...texts, ...(more > 0 ? [`and ${more} more problems in this rule`] : [])].join('\n');
}
