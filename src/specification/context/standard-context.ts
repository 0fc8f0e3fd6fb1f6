import {
  ANY,
  BOOLEAN,
  type ContextType,
  type DictType,
  type PropertyType,
  STRING,
  typeOfScalar,
  union,
} from '../../rules/types/types.ts';

/** The context values that are always there, declared or not. */
const USER = 'user';
const ANONYMOUS = 'anonymous';

/** The flags that every user of a request has. */
const FLAGS = ['is_authenticated', 'is_anonymous'];

/**
 * The declared context with what Evenhand adds to it: `anonymous`, a string, and `user`. Of a user
 * that is not declared nothing is known. One that is has `id`, `is_authenticated` and `is_anonymous`
 * too, and may be nobody: then the `id` is None and all else that is declared is absent.
 */
export function withStandardNames(context: ContextType): ContextType {
  const properties = new Map(context.properties);
  const user = properties.get(USER)?.type;
  properties.set(USER, {
    type: user?.map((one) => (one.kind === 'dict' ? withFlags(one) : one)) ?? ANY,
    required: true,
  });
  properties.set(ANONYMOUS, {
    type: properties.get(ANONYMOUS)?.type ?? STRING,
    required: true,
  });
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
