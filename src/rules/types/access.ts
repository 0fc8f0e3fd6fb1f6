import { isWhole, judgeHash } from './operators.ts';
import {
  ANY,
  type Alternative,
  BOOLEAN,
  type DictType,
  NEVER,
  type RuleType,
  STRING,
  union,
  WHOLE,
} from './types.ts';
import { quote } from '../../errors/show-value.ts';
import { canEqual } from './equality.ts';
import { doubtful, failing, gives, ofEach, type Verdict } from './verdict.ts';
import { describeAlternative } from './words.ts';

/** What an attribute other than a dict's property gives; mirrors `attributeOf`. */
export function judgeAttribute(owner: Alternative, name: string): Verdict {
  switch (owner.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
    case 'list':
    case 'tuple':
      if (name === 'length') return gives(WHOLE);
      break;
    default:
  }
  return failing(`${describeAlternative(owner)} has no attribute ${quote(name)}`);
}

/** What `container[key]` gives, but for a dict's property; mirrors `itemAt`. */
export function judgeItem(container: Alternative, key: Alternative): Verdict {
  switch (container.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      return atIndex(STRING, key);
    case 'list':
      return atIndex(container.items, key);
    case 'tuple':
      return atIndex(partOf(container, key), key);
    case 'dict':
      return judgeKey(container, key);
    default:
      return failing(`${describeAlternative(container)} has no items`);
  }
}

function partOf(
  { parts, items }: { readonly parts?: readonly RuleType[]; readonly items: RuleType },
  key: Alternative,
): RuleType {
  if (parts === undefined || key.kind !== 'number' || key.values?.size !== 1) return items;
  const [index] = key.values;
  return parts.at(Number(index)) ?? items;
}

function atIndex(type: RuleType, key: Alternative): Verdict {
  if (key.kind === 'any') return gives(type);
  const reason = 'an index must be a whole number';
  if (key.kind !== 'number' && key.kind !== 'boolean') {
    return failing(`${reason}, not ${describeAlternative(key)}`);
  }
  return isWhole(key) ? gives(type) : doubtful(type, reason);
}

/** A key that is not written out: it may be any that there is. */
function judgeKey(dict: DictType, key: Alternative): Verdict {
  const hash = judgeHash(key);
  if (hash.fails !== 'never') return hash;
  if (!canEqual(dict.keys, [key])) {
    return failing(`the dict has no key that is ${describeAlternative(key)}`);
  }
  return gives(
    union([...Array.from(dict.properties.values(), ({ type }) => type), dict.others ?? NEVER]),
  );
}

/** What `container[a:b:c]` gives; mirrors `slice`. */
export function judgeSlice(sequence: Alternative): Verdict {
  switch (sequence.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      return gives(STRING);
    case 'list':
      return gives([sequence]);
    case 'tuple':
      return gives([{ kind: 'tuple', items: sequence.items }]);
    default:
      return failing(`${describeAlternative(sequence)} can't be sliced`);
  }
}

/** Whether a value of this kind can be the bound of a slice. */
export function judgeBound(bound: Alternative): Verdict {
  return bound.kind === 'none' ? gives(NEVER) : atIndex(NEVER, bound);
}

/** The items that a `for` finds in a value of this kind; mirrors `iterate`. */
export function judgeIteration(iterable: Alternative): Verdict {
  switch (iterable.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      return gives(STRING);
    case 'list':
    case 'tuple':
    case 'set':
      return gives(iterable.items);
    case 'dict':
      return gives(iterable.keys);
    default:
      return failing(
        `"for … in" needs a list, string, set or dict, not ${describeAlternative(iterable)}`,
      );
  }
}

/** Whether `item in container` can be asked, and its answer be True; mirrors `contains`. */
export function judgeMembership(
  container: Alternative,
  item: RuleType,
): Verdict & { readonly holds: boolean } {
  switch (container.kind) {
    case 'any':
      return { ...gives(BOOLEAN), holds: true };
    case 'string': {
      const verdict = ofEach(item, (one) =>
        one.kind === 'string' || one.kind === 'any'
          ? gives(BOOLEAN)
          : failing(`"in" can only find a string in a string, not ${describeAlternative(one)}`),
      );
      return { ...verdict, holds: true };
    }
    case 'list':
    case 'tuple':
      return { ...gives(BOOLEAN), holds: canEqual(item, container.items) };
    case 'set': {
      // A set is no element of sets, but may be asked for.
      const verdict = ofEach(item, (one) => (one.kind === 'set' ? gives(NEVER) : judgeHash(one)));
      return { ...verdict, holds: canEqual(item, container.items) };
    }
    case 'dict': {
      const verdict = ofEach(item, judgeHash);
      return { ...verdict, holds: canEqual(item, container.keys) };
    }
    default: {
      const what = describeAlternative(container);
      return { ...failing(`"in" needs a list, string, set or dict on its right, not ${what}`), holds: true };
    }
  }
}
