import { quote, showName } from '../../errors/show-value.ts';
import { judgeAttribute, judgeItem } from './access.ts';
import {
  ANY,
  type ContextType,
  type DictType,
  isAny,
  isOptionalNone,
  NONE,
  ofTruth,
  optional,
  type RuleType,
  union,
} from './types.ts';
import { combine, doubtful, failing, gives, ofEach, type Verdict } from './verdict.ts';
import type { RuleNode, Target } from '../syntax/nodes.ts';

/** A fact about a path at one place of a rule, in addition to its declaration. */
export interface Fact {
  /** The narrowed type; absent if the declared type applies. */
  readonly type?: RuleType;
}

/** The types and facts that hold at one place of a rule. */
export interface Surroundings {
  readonly context: ContextType;
  /** The visible comprehension variables. */
  readonly locals: ReadonlyMap<string, RuleType>;
  /** Facts by the key of the path. A path with a fact is present. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** The name of the context in messages. Context names are looked up like properties. */
const CONTEXT = 'the context';

/** Separates the segments of a path's key. No name contains this character. */
const SEPARATOR = '\u0000';

const USER = 'user';

/** Returns the key of a path, `user.plan` or `user["plan"]`, or undefined for any other node. */
export function pathKey(node: RuleNode): string | undefined {
  if (node.kind === 'name') return node.name;
  const segment = segmentOf(node);
  if (segment === undefined) return undefined;
  const owner = pathKey(segment.object);
  return owner === undefined ? undefined : memberKey(owner, segment.name);
}

/** Returns the key of a path's member. */
export function memberKey(owner: string, name: string): string {
  return owner + SEPARATOR + name;
}

/**
 * Returns the object and the literal name that a node reads from it, or undefined if it reads none.
 */
export function segmentOf(node: RuleNode): { object: RuleNode; name: string } | undefined {
  if (node.kind === 'attribute') return node;
  if (node.kind !== 'index' || node.index.kind !== 'literal') return undefined;
  const { value } = node.index;
  return typeof value === 'string' ? { object: node.object, name: value } : undefined;
}

/** Returns the type of a path, without noting what is wrong with it. */
export function typeOfPath(node: RuleNode, around: Surroundings): RuleType {
  if (node.kind === 'name') return judgeName(node.name, around).type;
  const segment = segmentOf(node);
  if (segment === undefined) return ANY;
  return judgeMember(typeOfPath(segment.object, around), node, around, '').type;
}

/** Judges a name of the context or a comprehension variable. */
export function judgeName(name: string, around: Surroundings): Verdict {
  const fact = around.facts.get(name);
  const local = around.locals.get(name);
  if (local !== undefined) return gives(fact?.type ?? local);
  return judgeProperty(around.context, name, { key: name, owner: CONTEXT, fact, isVisitor: false });
}

/**
 * Judges `owner.name` or `owner["name"]`.
 *
 * @param owner the object's type
 * @param text the object as it is written in the rule
 */
export function judgeMember(
  owner: RuleType,
  node: RuleNode,
  around: Surroundings,
  text: string,
): Verdict {
  const { name = '', object = node } = segmentOf(node) ?? {};
  const ownerKey = pathKey(object);
  const key = ownerKey === undefined ? '' : memberKey(ownerKey, name);
  const place: Place = {
    key,
    owner: text,
    fact: around.facts.get(key),
    isVisitor: ownerKey === USER && !around.locals.has(USER) && mayBeVisitor(owner, around),
  };
  return ofEach(owner, (one) => {
    if (one.kind === 'dict') return judgeProperty(one, name, place);
    if (isOptionalNone(one)) return judgeAbsent(one.instead, name, place);
    return node.kind === 'index' ? judgeItem(one, { kind: 'string' }) : judgeAttribute(one, name);
  });
}

/** The place at which a property is read. */
interface Place {
  readonly key: string;
  readonly owner: string;
  readonly fact: Fact | undefined;
  /** True if the owner may be a user who is not logged in. */
  readonly isVisitor: boolean;
}

function judgeProperty(dict: DictType, name: string, place: Place): Verdict {
  const { fact, owner, isVisitor } = place;
  const property = dict.properties.get(name);
  const declared = property?.type ?? dict.others;
  if (declared === undefined) return failing(`${showName(owner)} has no ${nameIn(owner, name)}`);
  if (fact !== undefined) return gives(fact.type ?? declared);
  // An optional property is None for visitors, too.
  const visitor = isVisitor && property?.required ? property.visitor : undefined;
  const type = visitor === 'none' ? union([declared, NONE]) : declared;
  if (visitor === 'absent') {
    return doubtful(
      withAbsent(type),
      `a user who is not logged in may have no ${quote(name)}; check ${showName(owner)}.is_authenticated first`,
    );
  }
  // Undeclared properties have no known type and are not checked.
  if (property?.required || (property === undefined && isAny(declared))) return gives(type);
  if (property !== undefined) return gives(optional(type));
  const hint =
    owner === CONTEXT
      ? 'declare it in "properties"'
      : `check ${quote(name)} in ${showName(owner)} first`;
  return doubtful(withAbsent(type), `${showName(owner)} may have no ${quote(name)}; ${hint}`);
}

/** Judges a property of an optional object that is absent: it is None if it is declared. */
function judgeAbsent(object: RuleType, name: string, place: Place): Verdict {
  const verdicts = object.map((one): Verdict => {
    const property = one.kind === 'dict' ? one.properties.get(name) : undefined;
    if (property !== undefined) return gives([{ kind: 'none', instead: property.type }]);
    const verdict = one.kind === 'dict' ? judgeProperty(one, name, place) : undefined;
    return verdict?.fails === 'always' ? verdict : failing(`None has no attribute ${quote(name)}`);
  });
  const declared = verdicts.filter(({ fails }) => fails === 'never');
  return combine(declared.length > 0 ? declared : verdicts);
}

function nameIn(owner: string, name: string): string {
  return owner === CONTEXT ? quote(name) : `attribute ${quote(name)}`;
}

/** Adds to a type that the value may be absent. */
function withAbsent(type: RuleType): RuleType {
  return union([type, [{ kind: 'none', absent: true }]]);
}

/** Returns true if the user may not be logged in, unless another part of the rule excludes that. */
function mayBeVisitor(user: RuleType, { facts }: Surroundings): boolean {
  const may = (flag: string, truth: boolean) => {
    const fact = facts.get(memberKey(USER, flag))?.type;
    const types = user.map((one) =>
      one.kind === 'dict' ? (one.properties.get(flag)?.type ?? ANY) : ANY,
    );
    return ofTruth(fact ?? types.flat(), truth).length > 0;
  };
  return may('is_authenticated', false) && may('is_anonymous', true);
}

/** Returns the surroundings with the variables of a `for` added. */
export function withLocals(
  around: Surroundings,
  variables: ReadonlyMap<string, RuleType>,
): Surroundings {
  const isShadowed = (key: string) => variables.has(key.split(SEPARATOR, 1)[0] ?? key);
  return {
    context: around.context,
    locals: new Map([...around.locals, ...variables]),
    facts: new Map([...around.facts].filter(([key]) => !isShadowed(key))),
  };
}

/** Returns the names that a target assigns. */
export function namesOf(target: Target): readonly string[] {
  return target.kind === 'name' ? [target.name] : target.targets.flatMap(namesOf);
}
