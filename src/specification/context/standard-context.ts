import {
  ANY,
  BOOLEAN,
  DATE,
  type ContextType,
  type DictType,
  type PropertyType,
  STRING,
  typeOfScalar,
  union,
} from '../../rules/types/types.ts';
import { ANONYMOUS_IDENTITY } from '../reserved-identities.ts';
import { NOW } from '../reserved-names.ts';

/** The context value that is always available, like `anonymous`, even when it is not declared. */
const USER = 'user';

/** The flags of every user of a request. */
const FLAGS = ['is_authenticated', 'is_anonymous'];

/**
 * The context of a specification that declares none: the values that Evenhand provides, with other
 * values and other attributes of the user, about which nothing is known.
 */
export function undeclaredContext(): ContextType {
  const user: DictType = { kind: 'dict', keys: STRING, properties: new Map(), others: ANY };
  const properties = new Map([[USER, { type: [user], required: true }]]);
  return withStandardNames({ kind: 'dict', keys: STRING, properties, others: ANY });
}

/**
 * Adds the values that Evenhand provides to the declared context: `anonymous`, a string, `now`, a date,
 * and `user`. An undeclared `user` may hold anything. A declared `user` also has `id`, `is_authenticated` and
 * `is_anonymous`. For a visitor who is not logged in, `user.id` is None and the other declared
 * properties are absent.
 */
export function withStandardNames(context: ContextType): ContextType {
  const properties = new Map(context.properties);
  const user = properties.get(USER)?.type;
  properties.set(USER, {
    type: user?.map((one) => (one.kind === 'dict' ? withFlags(one) : one)) ?? ANY,
    required: true,
  });
  properties.set(ANONYMOUS_IDENTITY, {
    type: properties.get(ANONYMOUS_IDENTITY)?.type ?? STRING,
    required: true,
  });
  properties.set(NOW, { type: properties.get(NOW)?.type ?? DATE, required: true });
  return { ...context, properties, keys: keysOf(context, properties) };
}

function withFlags(user: DictType): DictType {
  const properties = new Map<string, PropertyType>();
  for (const [name, property] of user.properties) {
    const known = name === 'id' || FLAGS.includes(name);
    properties.set(name, known ? property : { ...property, visitor: 'absent' });
  }
  const id = properties.get('id')?.type;
  properties.set('id', { type: id ?? ANY, required: true, visitor: 'none' });
  for (const flag of FLAGS) {
    properties.set(flag, { type: properties.get(flag)?.type ?? BOOLEAN, required: true });
  }
  return { ...user, properties, keys: keysOf(user, properties) };
}

function keysOf(dict: DictType, properties: ReadonlyMap<string, PropertyType>): DictType['keys'] {
  return dict.others === undefined ? union([...properties.keys()].map(typeOfScalar)) : STRING;
}
