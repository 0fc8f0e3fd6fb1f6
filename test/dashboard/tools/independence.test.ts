import { independenceData } from '../../../src/dashboard/tools/independence-data.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';
import { runHere } from '../../cli/run-here.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { visitOf } from '../fixtures/visit.ts';
import { SAME_SEED, splits } from './fixtures.ts';

const data = (query: Record<string, string>, specification: object = SHOP) =>
  independenceData(visitOf({ query, specification }));

afterAll(removeProjects);

describe('independenceData', () => {
  it('names the experiments that share a seed, without any test', async () => {
    const { shared, summary } = await data({}, SAME_SEED);
    expect(shared).toEqual([{ seed: 'same', path: 'user.id', names: ['one', 'two'] }]);
    expect(summary).toBeUndefined();
  });

  it('leaves out experiments that split nobody', async () => {
    const { names } = await data({});
    expect(names).toContain('checkout_steps');
    expect(names).not.toContain('free_shipping');
    expect(names).not.toContain('onboarding_tour');
  });

  it('finds dependent and independent pairs', async () => {
    const { summary } = await data({ test: '1' }, SAME_SEED);
    const verdicts = summary?.pairs.map(({ a, b, verdict }) => `${a} ${b} ${verdict}`);
    expect(verdicts).toEqual([
      'one two dependent',
      'one three independent',
      'two three independent',
    ]);
  });

  it('compares at most 64 experiments, chosen by a part of their names', async () => {
    const specification = splits(70);
    const all = await data({}, specification);
    expect(all.names).toHaveLength(64);
    expect(all.found).toBe(70);
    const some = await data({ q: '_6' }, specification);
    expect(some.names).toHaveLength(11);
  });

  it('has the figures of npx evenhand simulate', async () => {
    const { summary } = await data({ test: '1' }, SAME_SEED);
    const project = makeProject({ 'experiments.config.json': JSON.stringify(SAME_SEED) });
    const args = ['simulate', '--units', '20000', '--json'];
    const { stdout } = await runHere(args, { cwd: project.path });
    const { pairs } = JSON.parse(stdout) as {
      pairs: { a: string; counts: unknown; test: object }[];
    };
    expect(JSON.parse(JSON.stringify(summary?.pairs))).toMatchObject(
      pairs.map(({ a, counts, test }) => ({ a, counts, test })),
    );
  });
});
