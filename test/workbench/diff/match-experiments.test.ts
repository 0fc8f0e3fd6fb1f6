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
  it('matches experiments by name', () => {
    expect(matched([named('a'), named('b')], [named('b'), named('a')])).toEqual({
      matched: [
        ['b', 'b'],
        ['a', 'a'],
      ],
      added: [],
      removed: [],
    });
  });

  it('finds a renamed experiment', () => {
    expect(matched([named('a'), named('b')], [named('a'), named('c')])).toMatchObject({
      matched: [
        ['a', 'a'],
        ['b', 'c'],
      ],
      added: [],
      removed: [],
    });
  });

  it('treats an experiment as renamed if its seed is the old name, and as new if it has another seed', () => {
    const heir = (seed: string) => experiment({ name: 'b', seed });
    expect(matched([named('a')], [heir('a')])).toMatchObject({ matched: [['a', 'b']] });
    expect(matched([named('a')], [heir('anew')])).toMatchObject({ added: ['b'], removed: ['a'] });
  });

  it('does not guess between several candidates', () => {
    expect(matched([named('a'), named('b')], [named('c')])).toEqual({
      matched: [],
      added: ['c'],
      removed: ['a', 'b'],
    });
    expect(matched([named('a')], [named('b'), named('c')])).toMatchObject({ matched: [] });
  });

  it('treats different variants, another identity or a switch as new', () => {
    const others = experiment({ name: 'c', audiences: [audience({ x: 100 })] });
    expect(matched([named('a')], [others])).toMatchObject({ matched: [], added: ['c'] });
    const byTenant = experiment({ name: 'c', identity: 'tenant.id' });
    expect(matched([named('a')], [byTenant])).toMatchObject({ matched: [] });
    expect(matched([...specs('a:on')], [...specs('b:on')])).toMatchObject({ matched: [] });
  });
});

/** Switches in shorthand. */
function specs(...names: readonly string[]): readonly object[] {
  return names as unknown as readonly object[];
}
