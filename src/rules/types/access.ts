import { isWhole, judgeHash } from './operators.ts';
import {
  ANY,
  type Alternative,
  BOOLEAN,
  type DictType,
  NEVER,
  type RuleType,
  STRING,
  type StringType,
  union,
  WHOLE,
} from './types.ts';
import { quote } from '../../errors/show-value.ts';
import { hintFor } from '../known-values.ts';
import { convertCase } from '../letter-case.ts';
import { canEqual } from './equality.ts';
import { doubtful, failing, gives, ofEach, type Verdict } from './verdict.ts';
import { describeAlternative } from './words.ts';

/** Judges the reading of an attribute, except for a dict's properties; mirrors `attributeOf`. */
export function judgeAttribute(owner: Alternative, name: string): Verdict {
  switch (owner.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      if (name === 'length') return gives(WHOLE);
      if (name === 'lower' || name === 'upper') return gives([inCase(owner, name)]);
      break;
    case 'list':
    case 'tuple':
      if (name === 'length') return gives(WHOLE);
      break;
    default:
  }
  const hint = owner.kind === 'string' ? hintFor(name, '') : '';
  return failing(`${describeAlternative(owner)} has no attribute ${quote(name)}${hint}`);
}

/** Returns the type of `text.lower` or `text.upper`. */
function inCase({ values }: StringType, name: 'lower' | 'upper'): StringType {
  if (values === undefined) return { kind: 'string', letters: name };
  return {
    kind: 'string',
    values: new Set(Array.from(values, (value) => convertCase(String(value), name))),
  };
}

/** Returns the type of a part of a text: its letters have the same case. */
function partsOf({ letters }: StringType): RuleType {
  return letters === undefined ? STRING : [{ kind: 'string', letters }];
}

/** Judges `container[key]`, except for a dict's properties; mirrors `itemAt`. */
export function judgeItem(container: Alternative, key: Alternative): Verdict {
  switch (container.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      return atIndex(partsOf(container), key);
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

/** Judges a key that is not a literal. Any key of the dict may be meant. */
function judgeKey(dict: DictType, key: Alternative): Verdict {
  const hash = judgeHash(key);
  if (hash.fails !== 'never') return hash;
  if (!canEqual(dict.keys, [key])) {
    return failing(`the object has no key that is ${describeAlternative(key)}`);
  }
  return gives(
    union([...Array.from(dict.properties.values(), ({ type }) => type), dict.others ?? NEVER]),
  );
}

/** Judges `container[a:b:c]`; mirrors `slice`. */
export function judgeSlice(sequence: Alternative): Verdict {
  switch (sequence.kind) {
    case 'any':
      return gives(ANY);
    case 'string':
      return gives(partsOf(sequence));
    case 'list':
      return gives([sequence]);
    case 'tuple':
      return gives([{ kind: 'tuple', items: sequence.items }]);
    default:
      return failing(`${describeAlternative(sequence)} can't be sliced`);
  }
}

/** Judges a bound of a slice. */
export function judgeBound(bound: Alternative): Verdict {
  return bound.kind === 'none' ? gives(NEVER) : atIndex(NEVER, bound);
}

/** Judges a `for` over a value of this kind and returns the items' type; mirrors `iterate`. */
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
        `"for … in" needs a list, string, set or plain object, not ${describeAlternative(iterable)}`,
      );
  }
}

/** Judges `item in container`; `holds` is true if the outcome can be True. Mirrors `contains`. */
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
      // A set can't be an element of a set, but asking for it is not an error.
      const verdict = ofEach(item, (one) => (one.kind === 'set' ? gives(NEVER) : judgeHash(one)));
      return { ...verdict, holds: canEqual(item, container.items) };
    }
    case 'dict': {
      const verdict = ofEach(item, judgeHash);
      return { ...verdict, holds: canEqual(item, container.keys) };
    }
    default: {
      const what = describeAlternative(container);
      return {
        ...failing(`"in" needs a list, string, set or plain object on its right, not ${what}`),
        holds: true,
      };
    }
  }
}
