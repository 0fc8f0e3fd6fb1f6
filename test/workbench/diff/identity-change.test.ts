import * as fc from 'fast-check';
import {
  describeIdentityChange,
  identityMoves,
} from '../../../src/workbench/diff/identity-change.ts';
import { identityPaths } from '../../../src/specification/identity-paths.ts';
import type { IdentitySpec } from '../../../src/specification/identity-paths.ts';
import { experiment } from '../../assignment/build.ts';
import { compared, specified } from './compared.ts';

const by = (identity: unknown, more: object = {}) => ({ ...experiment(), identity, ...more });

const described = (before: unknown, after: unknown, more: object = {}): string => {
  const [one] = specified(by(before)).experiments;
  const [other] = specified(by(after, more)).experiments;
  if (one === undefined || other === undefined) throw new Error('no experiment');
  return describeIdentityChange(one, other);
};

describe('identityMoves', () => {
  it.each<[IdentitySpec, IdentitySpec, string[]]>([
    ['user.id', 'user.id', []],
    ['user.id', ['user.id', 'anonymous'], []],
    [['user.id', 'anonymous'], 'user.id', []],
    ['anonymous', ['user.id', 'anonymous'], ['anonymous → user.id']],
    [['user.id', 'anonymous'], 'anonymous', ['user.id → anonymous']],
    [['a', 'b'], ['b', 'a'], ['a → b']],
    ['user.id', 'tenant.id', ['user.id → tenant.id']],
    [
      ['a', 'b'],
      ['c', 'b'],
      ['a → c', 'a → b', 'b → c'],
    ],
    [['a', 'b', 'c'], ['a', 'c'], ['b → c']],
  ])('of %j to %j are %j', (before, after, moves) => {
    expect(identityMoves(before, after).map(({ from, to }) => `${from} → ${to}`)).toEqual(moves);
  });

  it('are those that some participant makes', () => {
    const lists = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const made = new Set<string>();
        // Each set of available paths is a kind of participant.
        for (let set = 0; set < 16; set++) {
          const isAvailable = (path: string) => (set & (1 << 'abcd'.indexOf(path))) !== 0;
          const [from, to] = [before.find(isAvailable), after.find(isAvailable)];
          if (from !== undefined && to !== undefined && from !== to) made.add(`${from} ${to}`);
        }
        const found = identityMoves(before, after).map(({ from, to }) => `${from} ${to}`);
        expect(new Set(found)).toEqual(made);
        expect(identityPaths(before)).toEqual(before);
      }),
    );
  });
});

describe('describeIdentityChange', () => {
  it.each<[unknown, unknown, string]>([
    ['user.id', 'tenant.id', 'identity user.id → tenant.id'],
    [
      'user.id',
      ['user.id', 'anonymous'],
      'identity user.id → user.id or anonymous: participants without user.id now get a bucket by anonymous; everyone else keeps theirs',
    ],
    [
      ['user.id', 'anonymous'],
      'user.id',
      'identity user.id or anonymous → user.id: participants without user.id no longer get a bucket; everyone else keeps theirs',
    ],
    [
      'anonymous',
      ['user.id', 'anonymous'],
      'identity anonymous → user.id or anonymous: participants with anonymous and user.id get a bucket by user.id, not anonymous',
    ],
    [
      ['a', 'b'],
      ['c', 'd'],
      'identity a or b → c or d: participants with a and c get a bucket by c, not a; participants with a and d get a bucket by d, not a; participants with b and c get a bucket by c, not b; …',
    ],
    ['random', ['user.id', 'anonymous'], 'identity random → user.id or anonymous'],
  ])('of %j to %j says who gets another bucket', (before, after, text) => {
    expect(described(before, after)).toBe(text);
  });

  it('says nothing about who moves if the seed changes too', () => {
    expect(described('user.id', ['user.id', 'anonymous'], { seed: 'new' })).toBe(
      'identity user.id → user.id or anonymous',
    );
  });
});

describe('the comparison of lists of identities', () => {
  it.each<[unknown, unknown]>([
    ['user.id', ['user.id', 'anonymous']],
    [['user.id', 'anonymous'], 'user.id'],
    [
      ['user.id', 'anonymous'],
      ['user.id', 'anonymous'],
    ],
  ])('of %j and %j is exact, and no one moves', (before, after) => {
    const { comparison, suggestion } = compared(by(before), by(after));
    expect(comparison).toMatchObject({ exact: true, worst: 0, moved: 0 });
    expect(suggestion).toBeUndefined();
  });

  it('estimates the move of users whom the key decided before, and suggests keeping it', () => {
    const { comparison, suggestion } = compared(by('anonymous'), by(['user.id', 'anonymous']));
    expect(comparison.exact).toBe(false);
    expect(comparison.worst).toBeCloseTo(0.5, 1);
    expect(suggestion).toMatchObject({ identity: 'anonymous', comparison: { worst: 0 } });
  });

  it('suggests keeping a list', () => {
    const before = by(['tenant.id', 'user.id']);
    const { suggestion } = compared(before, by('user.id'));
    expect(suggestion).toMatchObject({ identity: ['tenant.id', 'user.id'] });
  });

  it('does not suggest undoing a list that moves no one', () => {
    const allocations = [
      { variant: 'b', percent: 60 },
      { variant: 'a', percent: 40 },
    ];
    const { comparison, suggestion } = compared(
      by('user.id'),
      by(['user.id', 'anonymous'], { audiences: [{ allocations }] }),
    );
    expect(comparison.worst).toBeGreaterThan(0);
    expect(suggestion?.identity).toBeUndefined();
    expect(suggestion?.comparison.worst).toBeCloseTo(0.1, 5);
  });

  it('estimates a new seed of a list with equal ids', () => {
    const list = ['user.id', 'anonymous'];
    const { comparison } = compared(by(list), by(list, { seed: 'new' }));
    expect(comparison.exact).toBe(false);
    expect(comparison.worst).toBeCloseTo(0.5, 1);
  });
});
