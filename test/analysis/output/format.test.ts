import { formatDifference, formatDifferenceInterval } from '../../../src/analysis/output/format.ts';

describe('formatDifference', () => {
  it('writes shares of units in percentage points', () => {
    expect(formatDifference('proportion', 0.0071)).toBe('+0.71 points');
    expect(formatDifferenceInterval('retention', [-0.001, 0.0166])).toBe('−0.10 to +1.66 points');
    expect(formatDifferenceInterval('proportion', [null, 0.0166])).toBe('+1.66 points or less');
  });

  it('writes other values in their own unit', () => {
    expect(formatDifference('sum', -0.328)).toBe('−0.3280');
    expect(formatDifferenceInterval('count', [-1, 1200])).toBe('−1 to +1,200');
    expect(formatDifference('sum', null)).toBe('–');
  });
});
