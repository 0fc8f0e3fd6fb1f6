import * as fc from 'fast-check';
import { attributeOf, MISSING } from '../../../src/rules/values/attributes.ts';
import { compilePath, pathOf } from '../../../src/rules/compile/compile-path.ts';
import { RuleFault } from '../../../src/rules/values/fault.ts';
import { parseRule } from '../../../src/rules/syntax/parse.ts';
import { Scope } from '../../../src/rules/compile/evaluate.ts';
import { runs } from '../../runs.ts';

class Plan {
  get name(): string {
    return 'pro';
  }
}

describe('pathOf', () => {
  it.each([
    ['user', ['user']],
    ['user.plan', ['user', 'plan']],
    ['(user . plan).name', ['user', 'plan', 'name']],
    ['user["plan"]', undefined],
    ['user.plan[0]', undefined],
    ['"text".length', undefined],
    ['x', undefined],
    ['x.plan', undefined],
    ['(user or x).plan', undefined],
    ['True', undefined],
  ])('returns for %s, where x is a variable, %j', (source, path) => {
    const scope = Scope.root().with({ kind: 'name', name: 'x', start: 0, end: 1 });
    expect(pathOf(parseRule(source), scope)).toEqual(path);
  });
});

describe('compilePath', () => {
  const read = (path: string, context: object): unknown => {
    try {
      return compilePath(path.split('.'))(context, []);
    } catch (fault) {
      if (!(fault instanceof RuleFault)) throw fault;
      return `${fault.code}: ${fault.message}`;
    }
  };

  it.each([
    ['a', { a: 1 }, 1],
    ['a', { a: undefined }, undefined],
    ['a', {}, 'name: the context has no "a"'],
    ['a', { a: () => 1 }, 'name: the context has no "a"'],
    ['a.b', { a: { b: null } }, null],
    ['a.b', {}, 'name: the context has no "a"'],
    ['a.b', { a: {} }, 'attribute: an object has no attribute "b"'],
    ['a.b', { a: null }, 'attribute: None has no attribute "b"'],
    ['a.name', { a: new Plan() }, 'pro'],
    ['a.b.c.d', { a: new Map([['b', { c: { d: 7 } }]]) }, 7],
    ['a.b.c.d', { a: { b: { c: 'text' } } }, 'attribute: a string has no attribute "d"'],
    ['a.b.c.d', { a: { b: {} } }, 'attribute: an object has no attribute "c"'],
    ['a.length', { a: 'a😀' }, 2],
    ['a.b.length', { a: { b: [1, 2, 3] } }, 3],
  ])('reads %s in %j', (path, context, expected) => {
    expect(read(path, context)).toEqual(expected);
  });

  it('reads the same as attributeOf, step by step', () => {
    const names = fc.constantFrom('a', 'b', 'length', 'size', 'toString');
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(1, 'text', null, true, [1], new Plan()),
        fc.dictionary(names, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.array(names, { minLength: 1, maxLength: 5 }),
        fc.dictionary(names, values),
        (path, context) => {
          const found = path.reduce<unknown>(
            (owner, name) => (owner === MISSING ? MISSING : attributeOf(owner, name)),
            context,
          );
          const missing: unknown = expect.stringMatching(/^(?:name|attribute): /);
          expect(read(path.join('.'), context)).toEqual(found === MISSING ? missing : found);
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
