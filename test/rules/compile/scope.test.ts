import type { Target } from '../../../src/rules/syntax/nodes.ts';
import { Scope } from '../../../src/rules/compile/evaluate.ts';

const name = (text: string): Target => ({ kind: 'name', name: text, start: 0, end: 0 });
const tuple = (...targets: Target[]): Target => ({ kind: 'targets', targets, start: 0, end: 0 });

describe('Scope', () => {
  it('gives every variable of a rule its own slot', () => {
    const root = Scope.root();
    const outer = root.with(tuple(name('a'), tuple(name('b'))));
    const inner = outer.with(name('a'));
    expect([outer.slotOf('a'), outer.slotOf('b'), inner.slotOf('a'), inner.slotOf('b')]).toEqual([
      0, 1, 2, 1,
    ]);
    expect(root.size).toBe(3);
  });

  it('does not change the outer scope', () => {
    const root = Scope.root();
    root.with(name('a'));
    expect(root.slotOf('a')).toBeUndefined();
  });

  it('does not contain names of JavaScript objects', () => {
    expect(Scope.root().slotOf('constructor')).toBeUndefined();
  });
});
