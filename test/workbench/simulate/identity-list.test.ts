import { describeDependence } from '../../../src/cli/output/simulate/describe-dependence.ts';
import { bucketOf } from '../../../src/hash/bucket.ts';
import { hasFindings } from '../../../src/workbench/simulate/summary/summary.ts';
import { experiment } from '../../assignment/build.ts';
import { simulated } from './simulated.ts';

const list = ['user.id', 'anonymous'];

const pair = (one: string | readonly string[], other: string | readonly string[], seed = 's') => [
  experiment({ name: 'one', seed: 's', identity: one }),
  experiment({ name: 'two', seed, identity: other }),
];

describe('a simulation of a list of identities', () => {
  it('generates units that have all identities, so that the first one decides', async () => {
    const { variants, summary } = await simulated([experiment({ identity: list })], {
      preview: 50,
    });
    expect(variants).toEqual(
      Array.from({ length: 50 }, (_, id) => [bucketOf(id, 'exp') < 50 ? 'a' : 'b']),
    );
    expect(summary.experiments[0]).toMatchObject({ identity: list, failed: 0 });
    expect(hasFindings(summary)).toBe(false);
  });

  it('decides each line of contexts by its first available identity', async () => {
    const chunks = [
      '{"user":{"id":7}}\n{"user":{"id":null},"anonymous":"key"}\n{"anonymous":"k2"}\n',
    ];
    const { variants } = await simulated([experiment({ identity: list })], { chunks, preview: 3 });
    expect(variants.flat()).toEqual(
      ['7', 'key', 'k2'].map((text) => (bucketOf(text, 'exp') < 50 ? 'a' : 'b')),
    );
  });

  it('counts a line without any available identity as failed', async () => {
    const chunks = ['{"user":{"id":null}}\n'];
    const identity = ['user.id', 'tenant.id'];
    const { summary } = await simulated([experiment({ identity })], { chunks });
    expect(summary.experiments[0]).toMatchObject({ decided: 0, failed: 1 });
    expect(summary.experiments[0]?.failures[0]?.message).toContain(
      'the identity "user.id or tenant.id" is not available',
    );
  });

  it('counts repeated lines of one participant as one, by whichever identity', async () => {
    // One user and one visitor with the same text, a hundred times each.
    const chunks = Array.from({ length: 20_000 }, (_, i) =>
      i % 2 === 0
        ? `{"user":{"id":"${i % 100}"}}\n`
        : `{"user":{"id":null},"anonymous":"${i % 100}"}\n`,
    );
    const { summary } = await simulated([experiment({ identity: list })], { chunks });
    // Each unit counts as one, and a hundred units are too few for a false alarm.
    expect(summary.experiments[0]?.audiences[0]?.verdict).not.toBe('unfair');
  });

  it.each([
    ['two equal lists', pair(list, list), 'same-seed-and-identity', undefined],
    ['a list and its first path', pair(list, 'user.id'), 'same-seed-and-path', 'user.id'],
    ['a list and its last path', pair('anonymous', list), 'same-seed-and-path', 'anonymous'],
    [
      'two lists that share a path',
      pair(['tenant.id', 'anonymous'], list),
      'same-seed-and-path',
      'anonymous',
    ],
  ])('finds that %s with one seed are dependent', async (_what, specs, reason, path) => {
    const { summary } = await simulated(specs);
    const [found] = summary.pairs;
    expect(found).toMatchObject({ verdict: 'dependent', reason });
    expect(found?.path).toBe(path);
    expect(hasFindings(summary)).toBe(true);
  });

  it.each([
    ['a list and its path with another seed', pair(list, 'user.id', 'other')],
    ['lists that share no path', pair(list, ['tenant.id', 'device.id'])],
    ['a list and a draw', pair(list, 'random')],
  ])('finds that %s are independent', async (_what, specs) => {
    const { summary } = await simulated(specs);
    expect(summary.pairs).toMatchObject([{ verdict: 'independent' }]);
  });

  it('explains a dependence that generated units don’t show', async () => {
    const { summary } = await simulated(pair('anonymous', list));
    const [found] = summary.pairs;
    expect(found?.test?.p).toBeGreaterThan(0.001);
    expect(found && describeDependence(found)).toBe(
      'one and two have the same seed, and both can identify a participant by anonymous. Such a ' +
        'participant has the same bucket in both: the variant in one decides the variant in the other. ' +
        'Give one of them its own seed. An earlier identity decided these units.',
    );
  });

  it('explains a dependence that generated units show', async () => {
    const { summary } = await simulated(pair('user.id', list));
    const [found] = summary.pairs;
    expect(found?.test?.p).toBeLessThan(0.001);
    expect(found && describeDependence(found)).toMatch(/Give one of them its own seed\.$/);
  });
});
