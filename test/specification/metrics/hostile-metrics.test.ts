import * as fc from 'fast-check';
import { experiment, METRICS, problemsOf } from './read-metrics.ts';

/** Names of properties, right and wrong, with any value. */
const property = fc.constantFrom(
  'name',
  'type',
  'outcome',
  'value',
  'where',
  'window',
  'delay',
  'cap',
  'better',
  'numerator',
  'denominator',
  'quantile',
  'of',
  'ignoreZeros',
  'at',
  '__proto__',
  'toString',
  'control',
  'primary',
  'secondary',
  'guardrails',
  'metric',
  'margin',
  'plannedUnits',
  'until',
  'segments',
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('sum', 'ratio', 'quantile', 'revenue', '7d', '2027-02-30T00:00:00Z', 0.5, 1e308),
);
const anything = fc.oneof(
  value,
  fc
    .array(fc.tuple(property, value), { maxLength: 6 })
    .map((entries) => Object.fromEntries(entries)),
);

describe('metrics and analyses of any shape', () => {
  it('are accepted, or refused with problems', () => {
    fc.assert(
      fc.property(anything, anything, anything, (metric, analysis, part) => {
        const metrics = [METRICS.sum, metric, { ...METRICS.ratio, numerator: part }];
        const holdouts = [
          { name: 'w', identity: 'user.id', percent: 1, experiments: ['checkout'], analysis },
        ];
        const data = { experiments: [experiment({ analysis })], metrics, holdouts };
        // A parse of text makes own properties of names such as __proto__.
        const parsed = JSON.parse(JSON.stringify(data)) as object;
        for (const problem of problemsOf(parsed)) expect(problem).toMatch(/^\/.*: ./s);
      }),
    );
  });

  it('are refused as values of the wrong kind', () => {
    for (const metrics of [{}, 'revenue', 7, null, [null], [[]]]) {
      expect(problemsOf({ experiments: [], metrics })).not.toEqual([]);
    }
  });
});
