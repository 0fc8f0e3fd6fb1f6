import { renderReport } from '../../../../src/cli/output/report/render-report.ts';
import type { Summary } from '../../../../src/workbench/simulate/summary/summary.ts';
import { audience, experiment } from '../../../assignment/build.ts';
import { simulated, type SimulationSetup } from '../../../workbench/simulate/simulated.ts';

const half = (name: string, rest: object = {}) =>
  experiment({ name, audiences: [audience({ a: 50, b: 50 })], ...rest });

/** The texts of a report's page, in their order, without those of its charts. */
async function textOf(
  specs: readonly { readonly name: string }[],
  changes: Partial<Summary> = {},
  setup: SimulationSetup = { units: 2000 },
): Promise<string> {
  const { summary, plan } = await simulated(specs, setup);
  const units = { kind: 'generated', count: setup.units ?? 2000, base: {} } as const;
  const page = renderReport({ ...summary, ...changes }, plan, {
    origin: 'file.json',
    job: { units, now: Date.UTC(2026, 10, 30, 12) },
  });
  return page
    .replaceAll(/<style>.*<\/style>/gs, '')
    .replaceAll(/<title>.*?<\/title\s*>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('renderReport', () => {
  it('names the command, the date, the units and what was simulated', async () => {
    const switches = [
      experiment({ name: 'chat', audiences: [audience({ on: 0, off: 100 })] }),
      experiment({ name: 'tips', audiences: [audience({ on: 5, off: 95 })] }),
    ];
    expect(await textOf([half('x'), half('y'), ...switches])).toContain(
      'Evenhand npx evenhand simulate --report, 30 November 2026 Simulation of file.json ' +
        '2,000 units with generated identities, 2 experiments, 2 switches, 3 pairs. ' +
        'This page loads nothing and runs nothing.',
    );
  });

  it('names the instant whose audiences decided if there is a schedule', async () => {
    const schedule = [{ at: '2026-12-01T09:00:00Z', audiences: [audience({ a: 10, b: 90 })] }];
    expect(await textOf([half('x', { schedule })])).toContain(
      '0 pairs. Audiences in force at 2026-11-30T12:00:00Z. This page',
    );
  });

  it('shows a switch that is on for some with its split', async () => {
    const spec = experiment({ name: 'tips', audiences: [audience({ on: 5, off: 95 })] });
    const text = await textOf([spec]);
    expect(text).toMatch(/tips by user\.id , seed &quot;tips&quot; Split looks right \(p = /);
    expect(text).not.toContain('Switches');
  });

  it('puts experiments with one variant for everyone apart from switches', async () => {
    const settled = experiment({ name: 'tour', audiences: [audience({ a: 0, b: 100 })] });
    expect(await textOf([settled])).toContain(
      'One variant for everyone every audience gets one variant, so there is no split to test ' +
        'Name Variant units tour everyone: b 2,000',
    );
  });

  it('explains at most five dependent pairs in notes, and counts the others', async () => {
    const specs = ['p', 'q', 'r', 's'].map((name) => half(name, { seed: 'same' }));
    const text = await textOf(specs);
    expect(text.match(/\w and \w depend on each other\. They have the same seed/g)).toHaveLength(5);
    expect(text).toContain('1 more dependent pair. See the matrix.');
    expect(text).toMatch(/Pair strength p p × q dependent 1\.000 (&lt; )?\de−\d+ /);
  });

  it('leaves out the matrix of more than forty experiments, and folds other tables', async () => {
    const specs = Array.from({ length: 42 }, (_, i) => half(`e${i}`));
    const text = await textOf(specs, {}, { units: 200 });
    expect(text).toContain('The matrix is left out for more than 40 experiments.');
    expect(text).toMatch(/Strongest of [\d,]+ pairs/);
    expect(text).toMatch(/Tables of [\d,]+ other pairs/);
  });

  it('warns about pairs that were not compared, interruptions and broken lines', async () => {
    const text = await textOf([half('x'), half('y')], {
      partial: true,
      pairsLeftOut: 3,
      brokenLines: [{ line: 7, message: '<b>not JSON</b>' }],
      brokenLineCount: 2,
    });
    expect(text).toContain('Partial. The simulation was interrupted.');
    expect(text).toContain('3 more pairs not compared. Name the experiments to compare.');
    expect(text).toContain(
      '2 broken lines skipped. line 7: &lt;b&gt;not JSON&lt;/b&gt; and 1 more line',
    );
    expect(text).not.toContain('No problem found');
  });

  it('says that there are too few units to test a split or a pair', async () => {
    const text = await textOf([half('x'), half('y')], {}, { units: 3 });
    expect(text).toContain('Nothing to test. No audience is split, or there are too few units.');
    expect(text).toContain('Too few units to test.');
    expect(text).toContain('Too few units to test a pair.');
  });

  it('lists audiences without units, and the variant of audiences that have only one', async () => {
    const spec = experiment({
      name: 'x',
      audiences: [
        audience({ a: 50, b: 50 }, 'user.id < 0'),
        audience({ a: 50, b: 50 }, 'user.id < 1000'),
        audience({ a: 0, b: 100 }),
      ],
    });
    const text = await textOf([spec]);
    expect(text).toMatch(/Audience 2, user\.id &lt; 1000 1,000 units Split looks right/);
    expect(text).toContain('Audience 3, everyone else: b 1,000 units No units in audience 1.');
  });

  it('explains failed decisions where they happened, and how to give contexts', async () => {
    const specs = ['x', 'y'].map((name) =>
      experiment({
        name,
        audiences: [audience({ a: 100 }, 'plan == "pro"'), audience({ b: 100 })],
      }),
    );
    const text = await textOf(specs);
    expect(text).toContain('Some decisions failed. Generated units only have identities.');
    expect(text.match(/Decisions failed for 2,000 units\. Audience 1, 2,000 units:/g)).toHaveLength(
      2,
    );
  });

  it('shows the corrected p-value beside a small one', async () => {
    const specs = Array.from({ length: 40 }, (_, i) => half(`e${i}`));
    expect(await textOf(specs, {}, { units: 1000 })).toMatch(
      /\(p = 0\.0[\d]+, corrected p = [\d.]+, chi-square [\d.]+ with 1 degree of freedom\)/,
    );
  });
});
