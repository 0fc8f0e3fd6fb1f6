import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { diffSpecifications } from '../../../src/workbench/diff/diff-specifications.ts';
import { DEFAULT_PARKED } from '../../../src/changes/parked.ts';

const rules = [
  'segments.bare',
  'groups is None',
  'user.plan == "pro" and user["plan"] != "x" and user.seats > 1',
];

function specification(
  required: readonly string[],
  requiredOfUser: readonly string[],
  used: readonly string[] = rules,
) {
  const properties = { plan: { type: 'string' }, seats: { type: 'integer' } };
  return parseExperiments({
    context: {
      properties: {
        groups: { type: 'array' },
        user: { properties, required: requiredOfUser },
      },
      required,
    },
    segments: [{ name: 'bare', rule: 'user.plan is None' }],
    experiments: [
      {
        name: 'x',
        identity: 'random',
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [
          ...used.map((rule) => ({ rule, allocations: [{ variant: 'a', percent: 100 }] })),
          { allocations: [{ variant: 'b', percent: 100 }] },
        ],
      },
    ],
  });
}

const changesOf = async (
  ...pair: readonly [ReturnType<typeof specification>, ReturnType<typeof specification>]
) => {
  const options = { units: 1000, parked: new Set(DEFAULT_PARKED) };
  const { changed } = await diffSpecifications(...pair, options);
  return changed.flatMap(({ changes, harmful }) => [...changes, ...(harmful ? ['harmful'] : [])]);
};

describe('diffSpecifications, when only the declared context has changed', () => {
  const strict = specification(['groups'], ['plan', 'seats']);

  it('says which values are optional now', async () => {
    expect(await changesOf(strict, specification([], ['seats']))).toEqual([
      'None if absent: groups, user.plan, user["plan"]',
    ]);
  });

  it('says which values are an error again', async () => {
    expect(
      await changesOf(specification([], ['seats']), specification(['groups'], ['plan'])),
    ).toEqual([
      'None if absent: user.seats',
      'an error if absent: groups, user.plan, user["plan"]',
    ]);
  });

  it('also looks into the segments that the rules use', async () => {
    const only = (required: readonly string[]) =>
      specification(['groups'], required, [rules[0] ?? '']);
    expect(await changesOf(only(['plan']), only([]))).toEqual(['None if absent: user.plan']);
  });

  it('says nothing if no rule reads otherwise', async () => {
    expect(await changesOf(strict, specification(['groups'], ['plan', 'seats']))).toEqual([]);
  });
});
