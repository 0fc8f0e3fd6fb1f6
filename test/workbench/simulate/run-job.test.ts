import { MAX_WORKERS, suitableWorkers } from '../../../src/workbench/simulate/run-job.ts';

describe('suitableWorkers', () => {
  it('is 1 for small jobs and at most one per processor', () => {
    expect(suitableWorkers(0, 8)).toBe(1);
    expect(suitableWorkers(1_000_000, 8)).toBe(1);
    expect(suitableWorkers(40_000_000, 8)).toBe(4);
    expect(suitableWorkers(1e12, 8)).toBe(8);
    expect(suitableWorkers(1e12, 1)).toBe(1);
    expect(suitableWorkers(1e12, 512)).toBe(MAX_WORKERS);
  });
});
