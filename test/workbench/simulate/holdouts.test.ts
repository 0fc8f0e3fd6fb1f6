import { prepareJob } from '../../../src/workbench/simulate/job.ts';
import {
  hasFindings,
  type Summary,
  summarize,
} from '../../../src/workbench/simulate/summary/summary.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { GO_ON } from './simulated.ts';

const search = experiment({
  name: 'search',
  identity: 'user.id',
  variants: ['fast', 'control'].map((name) => ({ name })),
  audiences: [audience({ fast: 50, control: 50 })],
});

const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['search', 'chat'] };

async function simulate(
  holdouts: readonly object[],
  { names = ['search', 'chat'], contexts }: { names?: string[]; contexts?: object[] } = {},
): Promise<Summary> {
  async function* lines(): AsyncGenerator<string> {
    yield* (contexts ?? []).map((context) => `${JSON.stringify(context)}\n`);
  }
  const prepared = prepareJob({
    data: { experiments: [search, 'chat:on'], holdouts },
    names,
    units:
      contexts === undefined
        ? { kind: 'generated', count: 20_000, base: {} }
        : { kind: 'file', path: undefined, shown: 'lines', maxLines: Number.POSITIVE_INFINITY },
    preview: 0,
    now: 0,
  });
  return summarize(prepared.plan, await prepared.run({ part: 0, of: 1 }, GO_ON, lines()));
}

describe('the simulation of a holdout', () => {
  it('has its split, and the units that it holds out of each experiment', async () => {
    const summary = await simulate([winter]);
    expect(summary.experiments.map(({ name }) => name)).toEqual(['search', 'chat']);
    const [holdout] = summary.holdouts ?? [];
    expect(holdout).toMatchObject({
      name: 'winter',
      failed: 0,
      audiences: [{ verdict: 'fair', variants: [{ variant: 'held_out', percent: 5 }, {}] }],
    });
    const { count, share } = holdout?.audiences[0]?.variants[0] ?? {};
    expect(share).toBeCloseTo(0.05, 2);
    expect(summary.experiments.map(({ heldOut }) => heldOut)).toEqual([
      [{ holdout: 'winter', variant: 'control', count, share }],
      [{ holdout: 'winter', variant: 'off', count, share }],
    ]);
  });

  it('leaves the shares of the experiments as they are without it', async () => {
    const [held, plain] = [await simulate([winter]), await simulate([])];
    const shares = ({ experiments }: Summary) =>
      experiments.map(({ audiences }) => audiences.map(({ variants }) => variants));
    expect(shares(held)).toEqual(shares(plain));
    expect(plain).not.toHaveProperty('holdouts');
    expect(plain.experiments[0]).not.toHaveProperty('heldOut');
  });

  it('tests that it is independent of its experiments', async () => {
    const { pairs } = await simulate([winter]);
    expect(pairs).toMatchObject([{ a: 'search', b: 'winter', verdict: 'independent' }]);
    const shared = await simulate([{ ...winter, seed: 'search' }]);
    expect(shared.pairs).toMatchObject([
      { a: 'search', b: 'winter', verdict: 'dependent', reason: 'same-seed-and-identity' },
    ]);
    expect(hasFindings(shared)).toBe(true);
  });

  it('simulates the holdouts of the chosen experiments', async () => {
    const other = { ...winter, name: 'other', experiments: ['chat'] };
    const { holdouts } = await simulate([winter, other], { names: ['search'] });
    expect(holdouts?.map(({ name }) => name)).toEqual(['winter']);
  });

  it('counts contexts without its identity as neither held out nor failed', async () => {
    const contexts = [{ user: { id: 1 } }, { user: { id: null } }, {}, { user: {} }];
    const summary = await simulate([{ ...winter, experiments: ['chat'] }], {
      names: ['chat'],
      contexts,
    });
    expect(summary.holdouts?.[0]).toMatchObject({ decided: 1, failed: 0, failures: [] });
    const broken = await simulate([winter], { contexts: [{ user: { id: ['x'] } }] });
    expect(broken.holdouts?.[0]).toMatchObject({ decided: 0, failed: 1 });
  });
});
