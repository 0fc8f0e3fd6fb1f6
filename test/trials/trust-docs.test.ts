import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { designs } from '../../research/trust/designs.ts';
import { tableNames, withTables } from '../../research/trust/document.ts';
import { checksOf, faultsOf, type Results, upperTail } from '../../research/trust/results.ts';

const ROOT = join(__dirname, '../..');
const RESULTS = join(ROOT, 'research/trust/results.json');

const doc = readFileSync(join(ROOT, 'docs/trust.md'), 'utf8');
const results = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;

describe('research/trust/results.json', () => {
  it('has the whole simulation', () => {
    expect(existsSync(RESULTS)).toBe(true);
    const least = designs(1);
    expect(results.map(({ name }) => name)).toEqual(least.map(({ name }) => name));
    for (const [i, { report }] of results.entries()) {
      expect(report.partial).toBe(false);
      expect(report.runs).toBeGreaterThanOrEqual(least[i]?.design.runs ?? 0);
    }
  });

  it('has no error rate that chance does not explain', () => {
    expect(faultsOf(results)).toEqual([]);
    expect(checksOf(results).length).toBeGreaterThan(80);
  });

  it('would show a fault', () => {
    const [first, ...others] = results;
    const [comparison, ...further] = first?.report.comparisons ?? [];
    const [fixed] = comparison?.methods ?? [];
    if (first === undefined || comparison === undefined || fixed === undefined) {
      throw new Error('there are no results');
    }
    const methods = [{ ...fixed, method: 'hybrid' as const }];
    const report = { ...first.report, comparisons: [{ ...comparison, methods }, ...further] };
    const faults = faultsOf([{ ...first, report }, ...others]);
    expect(faults.map(({ what }) => what)).toContain(
      'no effect, looked at daily: buyers, treatment, hybrid: intervals',
    );
  });
});

describe('docs/trust.md', () => {
  it('shows the figures of the results', () => {
    expect(withTables(doc, results)).toBe(doc);
  });

  it('has each table once, and no unknown ones', () => {
    const marks = [...doc.matchAll(/<!-- measured: (\w+) -->/g)].map(([, name = '']) => name);
    expect(marks.toSorted()).toEqual(tableNames().toSorted());
    expect(() => withTables('<!-- measured: nothing -->\n\n<!-- end -->', results)).toThrow(
      RangeError,
    );
  });
});

describe('upperTail()', () => {
  it('is the probability of this many events or more', () => {
    expect(upperTail(0, 10, 0.3)).toBe(1);
    expect(upperTail(10, 10, 0.5)).toBeCloseTo(2 ** -10, 15);
    expect(upperTail(2, 3, 0.5)).toBeCloseTo(0.5, 12);
    // 80 or more of 1,000 at 5%.
    expect(upperTail(80, 1000, 0.05)).toBeCloseTo(3.8e-5, 5);
  });
});
