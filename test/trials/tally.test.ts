import {
  ComparisonTally,
  countedShare,
  type LookFigure,
  METHODS,
  type MethodReport,
  type RunFigures,
} from '../../src/trials/tally.ts';

const NOTHING: LookFigure = { decided: undefined, interval: undefined };
const up = (low: number, high: number): LookFigure => ({ decided: 'up', interval: [low, high] });
const open = (low: number, high: number): LookFigure => ({
  decided: undefined,
  interval: [low, high],
});

function run(looks: readonly LookFigure[], estimate?: number): RunFigures {
  return {
    estimate,
    varianceReduction: undefined,
    looks: { fixed: looks, hybrid: looks, sequence: looks },
  };
}

function reportOf(lift: number, ...runs: readonly RunFigures[]): MethodReport {
  const tally = new ComparisonTally(lift);
  for (const one of runs) tally.add(one);
  const [first, ...others] = tally.reports();
  if (first === undefined) throw new Error('there is no report');
  expect(others).toHaveLength(METHODS.length - 1);
  return first;
}

describe('ComparisonTally', () => {
  it('counts a run in which any look decided, and whether the last one did', () => {
    const report = reportOf(
      0,
      run([up(0.1, 0.2), open(-0.1, 0.1)]),
      run([NOTHING, up(0.01, 0.2)]),
      run([NOTHING, open(-0.1, 0.1)]),
    );
    expect(report.decided).toMatchObject({ count: 2, of: 3 });
    expect(report.decidedAtEnd).toMatchObject({ count: 1 });
    expect(report.wrong).toMatchObject({ count: 2 });
    expect(report.firstDecision).toBe(0.25);
  });

  it('counts only decisions for the other side as wrong if there is an effect', () => {
    const down: LookFigure = { decided: 'down', interval: [-0.2, -0.1] };
    expect(reportOf(0.1, run([up(0.05, 0.2)]), run([down])).wrong).toMatchObject({ count: 1 });
    expect(reportOf(-0.1, run([up(0.05, 0.2)]), run([down])).wrong).toMatchObject({ count: 1 });
  });

  it('counts intervals that have the planted effect, at the end and always', () => {
    const report = reportOf(
      0.1,
      run([open(0.2, 0.3), open(0, 0.2)]),
      run([open(0, 0.2), open(0.1, 0.1)]),
      run([NOTHING, open(0.2, 0.3)]),
    );
    expect(report.coversAtEnd).toMatchObject({ count: 2 });
    expect(report.coversAlways).toMatchObject({ count: 1 });
    expect(report.width).toBeCloseTo((0.2 + 0 + 0.1) / 3, 12);
  });

  it('treats open ends as infinite and leaves them out of the width', () => {
    const figure: LookFigure = { decided: undefined, interval: [0, null] };
    const report = reportOf(0.5, run([figure]));
    expect(report.coversAlways.count).toBe(1);
    expect(report.width).toBeNull();
  });

  it('returns the mean of the estimates with its interval', () => {
    const tally = new ComparisonTally(0.1);
    for (const estimate of [0.08, 0.1, 0.12, 0.14]) tally.add(run([NOTHING], estimate));
    const { mean, low, high } = tally.estimate ?? { mean: 0, low: 0, high: 0 };
    expect(mean).toBeCloseTo(0.11, 12);
    // The standard deviation of these four is 0.0258.
    expect(high - low).toBeCloseTo((2 * 1.96 * 0.0258199) / 2, 5);
    expect(new ComparisonTally(0).estimate).toBeNull();
  });
});

describe('countedShare()', () => {
  it('returns the share with its Wilson interval', () => {
    const { share, low, high } = countedShare(5, 100);
    expect(share).toBe(0.05);
    expect(low).toBeCloseTo(0.0215, 3);
    expect(high).toBeCloseTo(0.1118, 3);
    expect(countedShare(0, 0)).toMatchObject({ share: 0, low: 0, high: 1 });
  });
});
