import { matchExperiments } from '../../../src/workbench/diff/match-experiments.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { specified } from './compared.ts';

function matched(before: readonly object[], after: readonly object[]) {
  const found = matchExperiments(specified(...before).experiments, specified(...after).experiments);
  return {
    ...found,
    matched: found.matched.map((pair) => [pair.before.name, pair.after.name]),
  };
}

const named = (name: string) => experiment({ name });

describe('matchExperiments', () => {
  it('goes by the names', () => {
    expect(matched([named('a'), named('b')], [named('b'), named('a')])).toEqual({
      matched: [
        ['b', 'b'],
        ['a', 'a'],
      ],
      added: [],
      removed: [],
    });
  });

  it('finds one that was renamed', () => {
    expect(matched([named('a'), named('b')], [named('a'), named('c')])).toMatchObject({
      matched: [
        ['a', 'a'],
        ['b', 'c'],
      ],
      added: [],
      removed: [],
    });
  });

  it('takes one with the old name as its seed for renamed, and one with another seed for new', () => {
    const heir = (seed: string) => experiment({ name: 'b', seed });
    expect(matched([named('a')], [heir('a')])).toMatchObject({ matched: [['a', 'b']] });
    expect(matched([named('a')], [heir('anew')])).toMatchObject({ added: ['b'], removed: ['a'] });
  });

  it('guesses nothing where several could be meant', () => {
    expect(matched([named('a'), named('b')], [named('c')])).toEqual({
      matched: [],
      added: ['c'],
      removed: ['a', 'b'],
    });
    expect(matched([named('a')], [named('b'), named('c')])).toMatchObject({ matched: [] });
  });

  it('takes what has other variants, another identity or is a switch for something new', () => {
    const others = experiment({ name: 'c', audiences: [audience({ x: 100 })] });
    expect(matched([named('a')], [others])).toMatchObject({ matched: [], added: ['c'] });
    const byTenant = experiment({ name: 'c', identity: 'tenant.id' });
    expect(matched([named('a')], [byTenant])).toMatchObject({ matched: [] });
    expect(matched([...specs('a:on')], [...specs('b:on')])).toMatchObject({ matched: [] });
  });
});

/** Shorthands, which are no objects. */
function specs(...names: readonly string[]): readonly object[] {
  return names as unknown as readonly object[];
}
