import type { FindOptional, OptionalReads } from '../compile/compilation.ts';
import type { NameNode, RuleNode } from '../syntax/nodes.ts';
import { Inference } from './inference.ts';
import { Notes } from './notes.ts';
import { segmentOf, type Surroundings } from './paths.ts';
import { type Alternative, type ContextType, isOptionalNone, type RuleType } from './types.ts';

/** Returns true if some property in a type is declared but not required. */
export function hasOptional(type: RuleType): boolean {
  return type.some((one) => {
    switch (one.kind) {
      case 'dict':
        return (
          [...one.properties.values()].some((each) => !each.required || hasOptional(each.type)) ||
          (one.others !== undefined && hasOptional(one.others))
        );
      case 'list':
        return hasOptional(one.items);
      default:
        return false;
    }
  });
}

/**
 * Returns the function that finds the optional reads of rules in a declared context: of names and
 * attributes that are declared but not required, and of declared attributes of optional objects.
 */
export function optionalReadsIn(context: ContextType): FindOptional {
  return (tree, source) => {
    const search = new Search(source, new Notes(source, () => undefined));
    search.infer(tree, { context, locals: new Map(), facts: new Map() });
    return search.found;
  };
}

/**
 * Finds optional reads while it infers the types of a rule. What conditions have established does not
 * count: a path has to read alike at every place, because rules share its closure.
 */
class Search extends Inference {
  readonly found = new Map<RuleNode, 'optional' | 'carried'>() satisfies OptionalReads;

  protected override assuming(
    _node: RuleNode,
    _truth: boolean,
    around: Surroundings,
  ): Surroundings {
    return around;
  }

  protected override name(node: NameNode, around: Surroundings): RuleType {
    const property = around.context.properties.get(node.name);
    if (property?.required === false && !around.locals.has(node.name)) {
      this.found.set(node, 'optional');
    }
    return super.name(node, around);
  }

  protected override member(node: RuleNode, owner: RuleType, around: Surroundings): RuleType {
    const { name = '', object = node } = segmentOf(node) ?? {};
    const present = owner.map((one) => propertyOf(one, name));
    const absent = owner.filter(isOptionalNone).flatMap(({ instead }) => instead);
    if (present.some((property) => property?.required === false)) {
      this.found.set(node, 'optional');
    } else if (
      this.found.has(object) &&
      absent.some((one) => propertyOf(one, name) !== undefined)
    ) {
      this.found.set(node, 'carried');
    }
    return super.member(node, owner, around);
  }
}

function propertyOf(one: Alternative, name: string) {
  return one.kind === 'dict' ? one.properties.get(name) : undefined;
}
