import type { Problem } from '../../errors/spec-error.ts';
import type { RuleDeclarations } from '../../rules/compile/compile.ts';
import { inferFindings } from '../../rules/types/infer.ts';
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
import type { RuleError } from '../../errors/rule-error.ts';
import { undeclaredContext } from './standard-context.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';

/** The checks against the declared context of a specification. */
export interface ContextChecks {
  readonly findings: readonly Finding[];
  /** Returns the certain problems of a rule that compiles; undefined when it has none. */
  readonly checkRule: (source: string) => string | undefined;
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
    ...(hasOptional([type]) && { declarations: { findOptional: optionalReadsIn(type) } }),
    checkRule(source) {
      const faults = inferFindings(source, type, didYouMean).filter(({ certain }) => certain);
      return faults.length === 0 ? undefined : messageOf(faults);
    },
    checkIdentity(identity, path, note) {
      if (typeof identity !== 'string' || isReservedIdentity(identity)) return;
      const fault = identityFault(identity, type);
      if (fault !== undefined) note(`${path}/identity`, fault);
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
export function contextWarnings(data: unknown): readonly Problem[] {
  const schema = declaredContext(data);
  const type = schema === undefined ? undeclaredContext() : readContext(schema, '/context').type;
  const [entries, base] = Array.isArray(data)
    ? [data as readonly unknown[], '']
    : [listOf(member(data, 'experiments')), '/experiments'];
  return entries.flatMap((entry, i) => {
    const earlier: string[] = [];
    return listOf(member(entry, 'audiences')).flatMap((audience, j) => {
      const rule = member(audience, 'rule');
      if (typeof rule !== 'string') return [];
      const findings = inferFindings(rule, type, didYouMean, earlier);
      earlier.push(rule);
      const doubts = findings.filter(({ certain, error }) =>
        schema === undefined ? !isAboutUser(error) : !certain,
      );
      const path = `${base}/${i}/audiences/${j}/rule`;
      return doubts.map(({ error }) => ({ path, message: error.message }));
    });
  });
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
