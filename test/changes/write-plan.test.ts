import * as fc from 'fast-check';
import { writePlan } from '../../src/changes/write-plan.ts';
import { SourceError } from '../../src/errors/store-errors.ts';

const PLAN = { plannedUnits: 12_400, until: '2027-01-01T00:00:00Z', primary: ['purchase'] };

describe('writePlan', () => {
  it.each([
    [
      '[\n  { "name": "a", "variants": [] }\n]\n',
      false,
      `[
  { "name": "a", "variants": [], "analysis": {
    "primary": ["purchase"],
    "plannedUnits": 12400,
    "until": "2027-01-01T00:00:00Z"
  } }
]
`,
    ],
    [
      '[\n  {\n    "name": "a",\n    "variants": [{ "name": "b" }]\n  }\n]\n',
      false,
      `[
  {
    "name": "a",
    "variants": [{ "name": "b" }],
    "analysis": { "primary": ["purchase"], "plannedUnits": 12400, "until": "2027-01-01T00:00:00Z" }
  }
]
`,
    ],
    [
      '[{"name":"a","b":1}]',
      false,
      '[{"name":"a","b":1,"analysis":{"primary":["purchase"],"plannedUnits":12400,"until":"2027-01-01T00:00:00Z"}}]',
    ],
    [
      '[\n  {\n    "name": "a",\n    "analysis": { "primary": ["x"] }\n  }\n]\n',
      true,
      '[\n  {\n    "name": "a",\n    "analysis": { "primary": ["x"], "plannedUnits": 12400, "until": "2027-01-01T00:00:00Z" }\n  }\n]\n',
    ],
    [
      '[{ "name": "a", "analysis": {\r\n\t"until" : "2026-01-01T00:00:00Z",\r\n\t"plannedUnits" :5 } }]',
      true,
      '[{ "name": "a", "analysis": {\r\n\t"until" : "2027-01-01T00:00:00Z",\r\n\t"plannedUnits" :12400 } }]',
    ],
    [
      '[\n  { "name": "a", "analysis": {}, "b": { "c": 1 } }\n]',
      true,
      '[\n  { "name": "a", "analysis": { "plannedUnits": 12400, "until": "2027-01-01T00:00:00Z" }, "b": { "c": 1 } }\n]',
    ],
  ])('changes %j and keeps the rest', (text, hasAnalysis, expected) => {
    expect(writePlan(text, [0], hasAnalysis, PLAN)).toBe(expected);
  });

  it('keeps a planned end if none is known', () => {
    const text = '[\n  { "analysis": { "until": "2026-01-01T00:00:00Z" } }\n]';
    const edited = writePlan(text, [0], true, { ...PLAN, until: undefined });
    expect(edited).toBe(
      '[\n  { "analysis": { "until": "2026-01-01T00:00:00Z", "plannedUnits": 12400 } }\n]',
    );
  });

  it('refuses an object with a duplicate key', () => {
    const text = '[{ "analysis": { "plannedUnits": 1 }, "analysis": { "plannedUnits": 2 } }]';
    expect(() => writePlan(text, [0], true, PLAN)).toThrow(SourceError);
  });

  it('gives the same data in any layout, and a second time changes nothing', () => {
    const entry = fc.dictionary(fc.stringMatching(/^[b-y]{1,5}$/), fc.jsonValue());
    const indent = fc.constantFrom(undefined, 1, 2, '\t');
    fc.assert(
      fc.property(entry, indent, fc.boolean(), (given, unit, hasAnalysis) => {
        const data = [{ ...given, ...(hasAnalysis && { analysis: { primary: ['z'] } }) }];
        const text = JSON.stringify(data, undefined, unit);
        const once = writePlan(text, [0], hasAnalysis, PLAN);
        const [now] = JSON.parse(once) as [Record<string, unknown>];
        const { primary, ...rest } = PLAN;
        const analysis = { primary: hasAnalysis ? ['z'] : primary, ...rest };
        expect(now).toEqual({ ...JSON.parse(text)[0], analysis });
        expect(writePlan(once, [0], true, PLAN)).toBe(once);
      }),
    );
  });
});
